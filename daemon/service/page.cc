#include "service/page.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/escaping.h"
#include "service/status_conversion.h"

namespace tocsin {
namespace {

// A token is these bytes in URL-safe base64. The check covers all: it catches
// mistakes, not forgery; a forged place is only a strange place to begin.
struct TokenBytes {
  uint64_t major;
  uint64_t minor;
  uint64_t check;
};

uint64_t Check(const PageStart& start, absl::string_view request) {
  const uint64_t seed = start.major * 0x9E3779B97F4A7C15u + start.minor;
  return XXH3_64bits_withSeed(request.data(), request.size(), seed);
}

}  // namespace

absl::StatusOr<size_t> PageSize(int32_t page_size) {
  if (page_size < 0) return FieldError("page_size", "is negative");
  if (page_size == 0) return kDefaultPageSize;
  return std::min<size_t>(page_size, kMaxPageSize);
}

std::string EncodePageToken(const PageStart& start, absl::string_view request) {
  const TokenBytes bytes = {start.major, start.minor, Check(start, request)};
  return absl::WebSafeBase64Escape(
      absl::string_view(reinterpret_cast<const char*>(&bytes), sizeof(bytes)));
}

absl::StatusOr<PageStart> DecodePageToken(absl::string_view token,
                                          absl::string_view request) {
  if (token.empty()) return PageStart();
  std::string raw;
  TokenBytes bytes;
  if (!absl::WebSafeBase64Unescape(token, &raw) ||
      raw.size() != sizeof(bytes)) {
    return FieldError("page_token", "is not one that this method gave");
  }
  std::memcpy(&bytes, raw.data(), sizeof(bytes));
  const PageStart start = {bytes.major, bytes.minor};
  if (bytes.check != Check(start, request)) {
    return FieldError("page_token",
                      "belongs to another request: filter, parent and order "
                      "must stay the same from page to page");
  }
  return start;
}

}  // namespace tocsin
