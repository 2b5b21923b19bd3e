// Finds names and says which entity each denotes.
#ifndef TOCSIN_DETECT_NAME_DETECTOR_H_
#define TOCSIN_DETECT_NAME_DETECTOR_H_

#include <memory>
#include <string>
#include <vector>

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
  int entity = -1;  // Index into NamesFound::entities.
};

struct NamesFound {
  std::vector<Entity> entities;  // Distinct keys; mentions are not counted.
  // In text order, not overlapping, each within one sentence.
  std::vector<NameMention> mentions;
};

// Immutable; thread-safe.
class NameDetector {
 public:
  // Compiles the name lists, with names of the user's own, and word tables.
  // Does not keep the lexicon.
  static absl::StatusOr<std::unique_ptr<const NameDetector>> Create(
      const Lexicon& lexicon, Vocabulary& vocabulary,
      absl::Span<const OwnName> own = {});

  // Names that lists know.
  size_t listed_name_count() const { return lists_.size(); }

  // `document` is parsed with the vocabulary of Create(). A name overlaps an
  // amount only if it stands inside it: `H100` in `100.000 H100-Chips`.
  NamesFound Detect(const Document& document,
                    absl::Span<const AmountMention> amounts) const;

 private:
  NameDetector() = default;

  // At most so many languages, the neutral one included.
  static constexpr size_t kMaxLanguages = 16;

  // The index in words_ of the language of the document.
  size_t LanguageOf(const Document& document) const;
  // That of the language that a sentence is in, where it is clearly not that of
  // the document: a quotation.
  size_t LanguageOf(const Document& document, const Sentence& sentence,
                    size_t document_language) const;
  void MarkStopWords(uint32_t vocabulary_size);

  NameLists lists_;
  std::vector<std::string> languages_;  // Sorted.
  std::vector<NameWords> words_;        // Of languages_, then of none.
  // By number of the word, a bit for each of words_: languages that it is a
  // function word in.
  std::vector<uint16_t> stop_in_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_DETECTOR_H_
