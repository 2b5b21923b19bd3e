#include "storage/migration.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

absl::StatusOr<int64_t> BytesOf(const Store& store,
                                absl::Span<const Family> families) {
  int64_t bytes = 0;
  for (const Family family : families) {
    TOCSIN_RETURN_IF_ERROR(
        store.Scan(family, "", "", /*reverse=*/false,
                   [&](absl::string_view key, absl::string_view value) {
                     bytes += static_cast<int64_t>(key.size() + value.size());
                     return true;
                   }));
  }
  return bytes;
}

// Format 2 counts the bytes that retention limits. Its high-water file is
// written by Open(), which is where it is checked.
absl::Status CountBytes(Store& store) {
  TOCSIN_ASSIGN_OR_RETURN(CommitRecord state,
                          store.GetSnapshot().LatestCommit());
  TOCSIN_ASSIGN_OR_RETURN(
      const int64_t article_bytes,
      BytesOf(store, {Family::kArticles, Family::kBodies, Family::kMentions}));
  TOCSIN_ASSIGN_OR_RETURN(const int64_t alert_bytes,
                          BytesOf(store, {Family::kAlerts}));
  TOCSIN_ASSIGN_OR_RETURN(const int64_t sighting_bytes,
                          BytesOf(store, {Family::kSightings}));
  if (article_bytes + alert_bytes + sighting_bytes == 0) {
    return absl::OkStatus();  // Nothing was ever committed.
  }
  state.set_article_bytes(article_bytes);
  state.set_alert_bytes(alert_bytes);
  state.set_sighting_bytes(sighting_bytes);
  StoreBatch batch(store);
  return store.Commit(batch, state);
}

}  // namespace

absl::Span<const Migration> Migrations() {
  static const auto* const kMigrations =
      new std::array<Migration, 1>{Migration{1, &CountBytes}};
  return *kMigrations;
}

absl::Status Migrate(Store& store, int format, int to,
                     absl::Span<const Migration> steps,
                     const std::function<absl::Status(int)>& done) {
  for (; format < to; ++format) {
    const Migration* step = nullptr;
    for (const Migration& candidate : steps) {
      if (candidate.from == format) step = &candidate;
    }
    if (step == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("the store in ", store.directory(), " has format ",
                       format, ", which this version cannot bring to ", to,
                       ". Start a version between the two first"));
    }
    TOCSIN_RETURN_IF_ERROR(step->run(store));
    TOCSIN_RETURN_IF_ERROR(done(format + 1));
  }
  return absl::OkStatus();
}

}  // namespace tocsin
