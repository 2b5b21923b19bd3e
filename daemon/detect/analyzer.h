// Analysis: an article in, its mentions out.
//
//   Parse -> AmountDetector -> NameDetector -> entities -> anchors -> Analysis
//
// A pure function of the article and the lexicon: no clock, no randomness, no
// iteration order of a hash table. Time is linear in the text.
#ifndef TOCSIN_DETECT_ANALYZER_H_
#define TOCSIN_DETECT_ANALYZER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "detect/amount_detector.h"
#include "detect/mention.h"
#include "detect/name_detector.h"
#include "lexicon/lexicon.h"
#include "text/article.h"
#include "text/parse.h"

namespace tocsin {

// Immutable; thread-safe.
class Analyzer {
 public:
  // Compiles the lexicon, which is not needed afterwards, with names of the
  // user's own.
  static absl::StatusOr<std::shared_ptr<const Analyzer>> Create(
      std::shared_ptr<const Lexicon> lexicon,
      absl::Span<const OwnName> own = {});

  Analysis Analyze(const Article& article) const;

  // What Analyze() gives as `words`, without looking for names and amounts.
  std::vector<uint64_t> Words(const Article& article) const;

  // The key that a mention of this form alone would get, in any case of its
  // letters: the id of the listed name that has the form, else the folded form.
  // Empty if the form has no letter or digit.
  std::string ResolveName(absl::string_view form) const;

  // Names that lists know.
  size_t listed_name_count() const { return names_->listed_name_count(); }

  // BCP 47 primary subtags that have a lexicon, sorted.
  const std::vector<std::string>& languages() const { return languages_; }

 private:
  Analyzer() = default;

  // Key of the listed name that is all of `text`; empty if there is none.
  std::string ListedKey(const std::string& text) const;

  std::vector<std::string> languages_;
  TextRules text_rules_;
  std::unique_ptr<const AmountDetector> amounts_;
  std::unique_ptr<const NameDetector> names_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_ANALYZER_H_
