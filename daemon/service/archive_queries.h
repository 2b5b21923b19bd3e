// The queries of ArchiveService: each a function of a snapshot and a request.
#ifndef TOCSIN_SERVICE_ARCHIVE_QUERIES_H_
#define TOCSIN_SERVICE_ARCHIVE_QUERIES_H_

#include "absl/status/statusor.h"
#include "detect/analyzer.h"
#include "storage/snapshot.h"
#include "tocsin/v1/archive_service.pb.h"

namespace tocsin {

// Errors as in archive_service.proto. The analyzer resolves forms of names.
absl::StatusOr<v1::Article> GetArticle(const Snapshot& snapshot,
                                       const v1::GetArticleRequest& request);
absl::StatusOr<v1::ListArticlesResponse> ListArticles(
    const Snapshot& snapshot, const v1::ListArticlesRequest& request);
absl::StatusOr<v1::ListMentionsResponse> ListMentions(
    const Snapshot& snapshot, const Analyzer& analyzer,
    const v1::ListMentionsRequest& request);
absl::StatusOr<v1::Entity> GetEntity(const Snapshot& snapshot,
                                     const Analyzer& analyzer,
                                     const v1::GetEntityRequest& request);
absl::StatusOr<v1::ListEntitiesResponse> ListEntities(
    const Snapshot& snapshot, const v1::ListEntitiesRequest& request);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_ARCHIVE_QUERIES_H_
