#include "storage/archive_read.h"

#include <optional>

#include "base/status_macros.h"
#include "storage/read_records.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

// Times of reception may be a little out of order: lanes run side by side, and
// clocks are set.
constexpr absl::Duration kDisorder = absl::Hours(24);

}  // namespace

absl::Status ReadArchive(const Snapshot& snapshot, uint64_t from, uint64_t to,
                         std::vector<ArchivedArticle>& articles) {
  const std::string begin = NumberKey(from), end = NumberKey(to);
  size_t count = 0;
  absl::Status failure;
  TOCSIN_RETURN_IF_ERROR(
      snapshot.Scan(Family::kArticles, begin, end, /*reverse=*/false,
                    [&](absl::string_view key, absl::string_view value) {
                      if (count == articles.size()) articles.emplace_back();
                      ArchivedArticle& article = articles[count++];
                      article.mentions.Clear();
                      if (!ParseRecord(value, article.record)) {
                        failure = DamagedRow(Family::kArticles, key);
                      }
                      article.record.set_commit(TakeNumber(key).value_or(0));
                      return failure.ok();
                    }));
  TOCSIN_RETURN_IF_ERROR(failure);
  articles.resize(count);

  size_t at = 0;
  TOCSIN_RETURN_IF_ERROR(snapshot.Scan(
      Family::kMentions, begin, end, /*reverse=*/false,
      [&](absl::string_view key, absl::string_view value) {
        absl::string_view rest = key;
        const uint64_t commit = TakeNumber(rest).value_or(0);
        while (at < count && articles[at].record.commit() < commit) ++at;
        if (at == count) return false;
        if (articles[at].record.commit() == commit &&
            !ParseRecord(value, articles[at].mentions)) {
          failure = DamagedRow(Family::kMentions, key);
        }
        return failure.ok();
      }));
  return failure;
}

absl::StatusOr<std::string> ReadBody(const Snapshot& snapshot,
                                     uint64_t commit) {
  TOCSIN_ASSIGN_OR_RETURN(std::optional<std::string> body,
                          snapshot.Get(Family::kBodies, NumberKey(commit)));
  if (!body.has_value()) return DamagedRow(Family::kBodies, NumberKey(commit));
  return *std::move(body);
}

absl::StatusOr<uint64_t> FirstCommitSince(const Snapshot& snapshot,
                                          absl::Time time) {
  const int64_t wanted = ToMicros(time - kDisorder);
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state, snapshot.LatestCommit());
  uint64_t low = 1, high = state.last_commit() + 1;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    // The first one kept from the middle on.
    uint64_t found = high;
    int64_t received_at = wanted;
    TOCSIN_RETURN_IF_ERROR(ScanRecords<ArticleRecord>(
        snapshot, Family::kArticles, NumberKey(middle), NumberKey(high),
        /*reverse=*/false,
        [&](absl::string_view key, const ArticleRecord& record) {
          found = TakeNumber(key).value_or(high);
          received_at = record.received_at();
          return false;
        }));
    if (received_at < wanted) {
      low = found + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace tocsin
