// Finds names and says which entity each denotes.
#ifndef TOCSIN_DETECT_NAME_DETECTOR_H_
#define TOCSIN_DETECT_NAME_DETECTOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "detect/amount_detector.h"
#include "detect/mention.h"
#include "detect/name_lists.h"
#include "detect/name_text.h"
#include "detect/name_words.h"
#include "lexicon/lexicon.h"
#include "text/document.h"

namespace tocsin {

struct NameMention {
  Span span;
  // As in Entity. Mentions with one key agree on the rest.
  std::string key;
  std::string display_name;
  EntityType type = EntityType::kUnspecified;
  bool listed = false;
};

// Immutable; thread-safe.
class NameDetector {
 public:
  // Compiles the name lists, with names of the user's own, and word tables.
  // Does not keep the lexicon.
  static absl::StatusOr<std::unique_ptr<const NameDetector>> Create(
      const Lexicon& lexicon, absl::Span<const OwnName> own = {});

  // Names that lists know.
  size_t listed_name_count() const { return lists_.size(); }

  // In text order, not overlapping, each within one sentence. A name overlaps
  // an amount only if it stands inside it: `H100` in `100.000 H100-Chips`.
  std::vector<NameMention> Detect(
      const Document& document, absl::Span<const AmountMention> amounts) const;

 private:
  NameDetector() = default;

  // The words of the language that a sentence is in, where they are clearly
  // not those of the document: a quotation.
  const NameWords& WordsOf(const NameText& text,
                           const Sentence& sentence) const;

  NameLists lists_;
  std::vector<std::string> languages_;                 // Sorted.
  absl::flat_hash_map<std::string, NameWords> words_;  // By language.
  NameWords neutral_;  // For languages without tables.
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_DETECTOR_H_
