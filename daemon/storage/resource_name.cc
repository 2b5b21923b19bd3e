#include "storage/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace tocsin {
namespace {

constexpr absl::string_view kSources = "sources/";
constexpr absl::string_view kArticles = "/articles/";

bool Unreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string PercentEncode(absl::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (Unreserved(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<uint8_t>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

std::optional<std::string> PercentDecode(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = HexValue(text[i + 1]);
    const int low = HexValue(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

std::string ArticleName(absl::string_view source, absl::string_view id) {
  return absl::StrCat(kSources, PercentEncode(source), kArticles,
                      PercentEncode(id));
}

std::optional<ArticleIdentity> ParseArticleName(absl::string_view name) {
  if (name.substr(0, kSources.size()) != kSources) return std::nullopt;
  name.remove_prefix(kSources.size());
  const size_t slash = name.find('/');
  if (slash == absl::string_view::npos) return std::nullopt;
  absl::string_view rest = name.substr(slash);
  if (rest.substr(0, kArticles.size()) != kArticles) return std::nullopt;
  rest.remove_prefix(kArticles.size());
  if (rest.empty() || slash == 0 || rest.find('/') != absl::string_view::npos) {
    return std::nullopt;
  }
  std::optional<std::string> source = PercentDecode(name.substr(0, slash));
  std::optional<std::string> id = PercentDecode(rest);
  if (!source.has_value() || !id.has_value()) return std::nullopt;
  return ArticleIdentity{*std::move(source), *std::move(id)};
}

}  // namespace tocsin
