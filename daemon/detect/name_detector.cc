#include "detect/name_detector.h"

namespace tocsin {

absl::StatusOr<std::unique_ptr<const NameDetector>> NameDetector::Create(
    const Lexicon&) {
  return std::unique_ptr<const NameDetector>(new NameDetector());
}

std::vector<NameMention> NameDetector::Detect(
    const Document&, absl::Span<const AmountMention>) const {
  return {};
}

}  // namespace tocsin
