// Finds amounts: sums of money, percentages, counts of things.
#ifndef TOCSIN_DETECT_AMOUNT_DETECTOR_H_
#define TOCSIN_DETECT_AMOUNT_DETECTOR_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "detect/mention.h"
#include "lexicon/lexicon.h"
#include "text/document.h"

namespace tocsin {

struct AmountMention {
  Span span;
  // Tokens [first_token, last_token) of the document that the span touches.
  uint32_t first_token = 0;
  uint32_t last_token = 0;
  Amount amount;  // Without anchor and links.
};

// Immutable; thread-safe.
class AmountDetector {
 public:
  // Compiles the tables of every language. Does not keep the lexicon.
  static absl::StatusOr<std::unique_ptr<const AmountDetector>> Create(
      const Lexicon& lexicon);

  // In text order, not overlapping, each within one sentence.
  std::vector<AmountMention> Detect(const Document& document) const;

 private:
  AmountDetector() = default;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_AMOUNT_DETECTOR_H_
