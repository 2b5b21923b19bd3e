#include "cli/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace tocsin::cli {
namespace {

constexpr absl::string_view kSources = "sources/";
constexpr absl::string_view kArticles = "/articles/";
constexpr absl::string_view kEntities = "entities/";
constexpr absl::string_view kRules = "rules/";
constexpr absl::string_view kSubscriptions = "subscriptions/";
constexpr absl::string_view kDefaultSource = "default";

std::string WithPrefix(absl::string_view prefix, absl::string_view typed) {
  return absl::StartsWith(typed, prefix) ? std::string(typed)
                                         : absl::StrCat(prefix, typed);
}

}  // namespace

std::string PercentEncode(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
        c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string PercentDecode(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() &&
        absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) &&
        absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      out += absl::HexStringToBytes(text.substr(i + 1, 2));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string ArticleName(absl::string_view typed) {
  if (absl::StartsWith(typed, kSources) &&
      absl::StrContains(typed, kArticles)) {
    return std::string(typed);
  }
  absl::string_view source = kDefaultSource, id = typed;
  if (const size_t slash = typed.find('/'); slash != absl::string_view::npos) {
    source = typed.substr(0, slash);
    id = typed.substr(slash + 1);
  }
  return absl::StrCat(kSources, PercentEncode(source), kArticles,
                      PercentEncode(id));
}

std::string ShortArticleName(absl::string_view name) {
  absl::string_view rest = name;
  if (!absl::ConsumePrefix(&rest, kSources)) return std::string(name);
  const size_t middle = rest.find(kArticles);
  if (middle == absl::string_view::npos) return std::string(name);
  const std::string source = PercentDecode(rest.substr(0, middle));
  const std::string id = PercentDecode(rest.substr(middle + kArticles.size()));
  if (source == kDefaultSource && !absl::StrContains(id, '/')) return id;
  return absl::StrCat(source, "/", id);
}

std::string EntityName(absl::string_view typed) {
  return WithPrefix(kEntities, typed);
}

std::string RuleName(absl::string_view typed) {
  return WithPrefix(kRules, typed);
}

std::string ShortRuleName(absl::string_view name) {
  return std::string(absl::StripPrefix(name, kRules));
}

std::string SubscriptionName(absl::string_view typed) {
  return WithPrefix(kSubscriptions, typed);
}

std::string ShortSubscriptionName(absl::string_view name) {
  return std::string(absl::StripPrefix(name, kSubscriptions));
}

}  // namespace tocsin::cli
