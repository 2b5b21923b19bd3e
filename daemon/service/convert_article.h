// Articles between the API and plain values.
#ifndef TOCSIN_SERVICE_CONVERT_ARTICLE_H_
#define TOCSIN_SERVICE_CONVERT_ARTICLE_H_

#include "absl/status/statusor.h"
#include "text/article.h"
#include "tocsin/v1/article.pb.h"

namespace tocsin {

// Moves the text out of `proto`. The source is filled in if it is empty;
// output-only fields are ignored. Validated: an error is INVALID_ARGUMENT and
// names the field as `article.body`.
absl::StatusOr<Article> TakeArticle(v1::Article& proto);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_ARTICLE_H_
