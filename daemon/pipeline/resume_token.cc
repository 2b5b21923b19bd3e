#include "pipeline/resume_token.h"

#include <xxhash.h>

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"

namespace tocsin {
namespace {

constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr size_t kMaxTokenBytes = 256;
constexpr uint64_t kChecksumRange = 36 * 36 * 36 * 36;

std::string ToBase36(uint64_t number) {
  std::string text;
  do {
    text.push_back(kDigits[number % 36]);
    number /= 36;
  } while (number > 0);
  std::reverse(text.begin(), text.end());
  return text;
}

std::string Checksum(absl::string_view epoch, absl::string_view sequence) {
  const std::string content = absl::StrCat(epoch, ".", sequence);
  return ToBase36(XXH3_64bits(content.data(), content.size()) % kChecksumRange);
}

// nullopt unless it is what ToBase36() makes.
std::optional<uint64_t> FromBase36(absl::string_view text) {
  uint64_t number = 0;
  for (const char c : text) {
    const char* digit = std::find(kDigits, kDigits + 36, c);
    if (digit == kDigits + 36 || number > UINT64_MAX / 36) return std::nullopt;
    number = number * 36 + static_cast<uint64_t>(digit - kDigits);
  }
  if (ToBase36(number) != text) return std::nullopt;
  return number;
}

absl::Status NoToken() {
  return absl::InvalidArgumentError(
      "resume_token: it is not a token that this service gave out");
}

}  // namespace

std::string EncodeResumeToken(absl::string_view epoch, uint64_t sequence) {
  const std::string number = ToBase36(sequence);
  return absl::StrCat(epoch, ".", number, ".", Checksum(epoch, number));
}

absl::StatusOr<ResumeToken> DecodeResumeToken(absl::string_view token) {
  if (token.size() > kMaxTokenBytes) return NoToken();
  const size_t second = token.rfind('.');
  if (second == absl::string_view::npos || second == 0) return NoToken();
  const size_t first = token.rfind('.', second - 1);
  if (first == absl::string_view::npos) return NoToken();
  const absl::string_view of = token.substr(0, first);
  const absl::string_view digits = token.substr(first + 1, second - first - 1);
  const std::optional<uint64_t> sequence = FromBase36(digits);
  if (!sequence.has_value() ||
      token.substr(second + 1) != Checksum(of, digits)) {
    return NoToken();
  }
  return ResumeToken{std::string(of), *sequence};
}

}  // namespace tocsin
