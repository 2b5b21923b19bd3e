// Resource names as a person types and reads them.
#ifndef TOCSIN_CLI_RESOURCE_NAME_H_
#define TOCSIN_CLI_RESOURCE_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tocsin::cli {

// RFC 3986: everything but unreserved characters as %XX.
std::string PercentEncode(absl::string_view text);
// What is not a valid %XX stays as it is.
std::string PercentDecode(absl::string_view text);

// `ID`, `SOURCE/ID` or `sources/{source}/articles/{id}` as the last of these.
// An id alone is of the source `default`; an id with a slash needs its source.
std::string ArticleName(absl::string_view typed);
// The reverse: `SOURCE/ID`, or `ID` for the source `default`.
std::string ShortArticleName(absl::string_view name);

// `NAME` or `entities/{key}` as the latter.
std::string EntityName(absl::string_view typed);

// `NAME` or `rules/{rule}` as the latter, and the reverse.
std::string RuleName(absl::string_view typed);
std::string ShortRuleName(absl::string_view name);

// `NAME` or `subscriptions/{subscription}` as the latter, and the reverse.
std::string SubscriptionName(absl::string_view typed);
std::string ShortSubscriptionName(absl::string_view name);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_RESOURCE_NAME_H_
