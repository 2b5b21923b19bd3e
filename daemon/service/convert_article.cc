#include "service/convert_article.h"

#include <utility>

#include "base/status_macros.h"
#include "service/convert_time.h"

namespace tocsin {

absl::StatusOr<Article> TakeArticle(v1::Article& proto) {
  Article article;
  article.source = std::move(*proto.mutable_source());
  if (article.source.empty()) article.source = "default";
  article.id = std::move(*proto.mutable_id());
  article.uri = std::move(*proto.mutable_uri());
  article.language = std::move(*proto.mutable_language());
  if (proto.has_published_at()) {
    TOCSIN_ASSIGN_OR_RETURN(
        article.published_at,
        TimeFromProto("article.published_at", proto.published_at()));
  }
  if (proto.has_updated_at()) {
    TOCSIN_ASSIGN_OR_RETURN(
        article.updated_at,
        TimeFromProto("article.updated_at", proto.updated_at()));
  }
  if (proto.has_embargo_until()) {
    TOCSIN_ASSIGN_OR_RETURN(
        article.embargo_until,
        TimeFromProto("article.embargo_until", proto.embargo_until()));
  }
  article.urgency = proto.urgency();
  article.byline = std::move(*proto.mutable_byline());
  article.headline = std::move(*proto.mutable_headline());
  article.body = std::move(*proto.mutable_body());
  return article;
}

}  // namespace tocsin
