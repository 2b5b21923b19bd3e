// Resource names of articles, `sources/{source}/articles/{id}`: everything but
// RFC 3986 unreserved characters is percent-encoded.
#ifndef TOCSIN_STORAGE_RESOURCE_NAME_H_
#define TOCSIN_STORAGE_RESOURCE_NAME_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tocsin {

struct ArticleIdentity {
  std::string source;
  std::string id;

  friend bool operator==(const ArticleIdentity&,
                         const ArticleIdentity&) = default;
};

std::string PercentEncode(absl::string_view text);
// nullopt where a `%` is not followed by two hexadecimal digits.
std::optional<std::string> PercentDecode(absl::string_view text);

std::string ArticleName(absl::string_view source, absl::string_view id);
// nullopt if `name` is not the name of an article.
std::optional<ArticleIdentity> ParseArticleName(absl::string_view name);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_RESOURCE_NAME_H_
