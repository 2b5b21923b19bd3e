// What the archive holds, to the API.
#ifndef TOCSIN_SERVICE_CONVERT_STORED_H_
#define TOCSIN_SERVICE_CONVERT_STORED_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/snapshot.h"
#include "tocsin/v1/archive_service.pb.h"

namespace tocsin {

v1::Article ArticleToProto(StoredArticle article);
v1::StoredMention MentionToProto(const StoredMention& mention);

// With its history, apart from amounts. Reads the first article's name.
absl::StatusOr<v1::Entity> EntityToProto(const Snapshot& snapshot,
                                         const StoredEntity& entity);
// Fills the amounts of an entity's history, at most `limit`, latest first.
absl::Status AddAmounts(const Snapshot& snapshot, const StoredEntity& entity,
                        size_t limit, v1::EntityHistory& history);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_STORED_H_
