// The queries of ArchiveService: each a function of a snapshot and a request.
#ifndef TOCSIN_SERVICE_ARCHIVE_QUERIES_H_
#define TOCSIN_SERVICE_ARCHIVE_QUERIES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
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

// The entity with this resource name, by its key, else by any form of its name
// that the lexicon or folding leads to a key from. `field` is told in errors.
absl::StatusOr<StoredEntity> FindEntity(const Snapshot& snapshot,
                                        const Analyzer& analyzer,
                                        absl::string_view field,
                                        absl::string_view name);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_ARCHIVE_QUERIES_H_
