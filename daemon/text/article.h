// An article as it came in: a plain value, the same whichever way it arrived.
#ifndef TOCSIN_TEXT_ARTICLE_H_
#define TOCSIN_TEXT_ARTICLE_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tocsin {

// Limits of what is taken in, in UTF-8 bytes.
inline constexpr size_t kMaxIdBytes = 256;
inline constexpr size_t kMaxSourceBytes = 128;
inline constexpr size_t kMaxUriBytes = 2048;
inline constexpr size_t kMaxBylineBytes = 1024;
inline constexpr size_t kMaxHeadlineBytes = 4096;
inline constexpr size_t kMaxBodyBytes = 2 << 20;

struct Article {
  std::string source;  // `default` if the sender named none.
  std::string id;      // Identity is (source, id).
  std::string uri;
  std::string language;  // BCP 47 tag; empty: to be identified.
  std::optional<absl::Time> published_at;
  std::optional<absl::Time> updated_at;
  std::optional<absl::Time> embargo_until;
  int urgency = 0;  // 1 to 9 as in IPTC; 0: unset.
  std::string byline;
  std::string headline;
  std::string body;
};

// INVALID_ARGUMENT whose message begins with the field at fault, such as
// `article.body: ...`; OK if the article can be taken in. Checks sizes, UTF-8,
// control characters in the identity, the form of the language tag and ranges.
absl::Status ValidateArticle(const Article& article);

}  // namespace tocsin

#endif  // TOCSIN_TEXT_ARTICLE_H_
