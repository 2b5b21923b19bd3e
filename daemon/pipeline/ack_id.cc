// 24 bytes in URL-safe base64, numbers big-endian: sequence, generation (both 8
// bytes), attempt, check (both 4 bytes).
#include "pipeline/ack_id.h"

#include <xxhash.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

constexpr size_t kContentBytes = 20;
constexpr size_t kBytes = 24;

void AppendHalf(uint32_t number, std::string& bytes) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(number >> shift & 0xff));
  }
}

uint32_t TakeHalf(absl::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) {
    number = number << 8 | static_cast<uint8_t>(bytes[i]);
  }
  return number;
}

uint32_t Check(uint64_t scope, absl::string_view content) {
  return static_cast<uint32_t>(
      XXH3_64bits_withSeed(content.data(), content.size(), scope));
}

}  // namespace

uint64_t AckScope(absl::string_view epoch, absl::string_view subscription) {
  const std::string text = absl::StrCat(epoch, "/", subscription);
  return XXH3_64bits(text.data(), text.size());
}

std::string EncodeAckId(uint64_t scope, const AckId& id) {
  std::string bytes;
  bytes.reserve(kBytes);
  AppendNumber(id.sequence, bytes);
  AppendNumber(id.generation, bytes);
  AppendHalf(static_cast<uint32_t>(id.attempt), bytes);
  AppendHalf(Check(scope, bytes), bytes);
  return absl::WebSafeBase64Escape(bytes);
}

std::optional<AckId> DecodeAckId(uint64_t scope, absl::string_view text) {
  std::string bytes;
  if (text.size() > kMaxAckIdBytes ||
      !absl::WebSafeBase64Unescape(text, &bytes) || bytes.size() != kBytes) {
    return std::nullopt;
  }
  absl::string_view rest = bytes;
  if (TakeHalf(rest.substr(kContentBytes)) !=
      Check(scope, rest.substr(0, kContentBytes))) {
    return std::nullopt;
  }
  AckId id;
  id.sequence = *TakeNumber(rest);
  id.generation = *TakeNumber(rest);
  id.attempt = static_cast<int>(TakeHalf(rest));
  return id;
}

}  // namespace tocsin
