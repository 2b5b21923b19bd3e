// Articles between the API and plain values.
#ifndef TOCSIN_SERVICE_CONVERT_ARTICLE_H_
#define TOCSIN_SERVICE_CONVERT_ARTICLE_H_

#include "absl/status/statusor.h"
#include "text/article.h"
#include "tocsin/v1/article.pb.h"

namespace tocsin {

// Moves the text out of `proto`, without ValidateArticle(), which takes as long
// as the text. The source is filled in if it is empty;
// output-only fields are ignored. An error is INVALID_ARGUMENT and
// names the field as `article.published_at`.
absl::StatusOr<Article> TakeArticle(v1::Article& proto);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_ARTICLE_H_
