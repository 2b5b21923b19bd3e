#include "detect/amount_detector.h"

namespace tocsin {

absl::StatusOr<std::unique_ptr<const AmountDetector>> AmountDetector::Create(
    const Lexicon&) {
  return std::unique_ptr<const AmountDetector>(new AmountDetector());
}

std::vector<AmountMention> AmountDetector::Detect(const Document&) const {
  return {};
}

}  // namespace tocsin
