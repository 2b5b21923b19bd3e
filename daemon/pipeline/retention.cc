#include "pipeline/retention.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "pipeline/near_copies.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

int64_t RowBytes(absl::string_view key, size_t value_bytes) {
  return static_cast<int64_t>(key.size() + value_bytes);
}

bool IsLimited(const RetentionLimit& limit) {
  return limit.bytes > 0 || limit.age != absl::InfiniteDuration();
}

bool IsDue(const RetentionLimit& limit, int64_t time, int64_t bytes,
           int64_t now) {
  if (time >= now - absl::ToInt64Microseconds(kAlwaysKept)) return false;
  if (limit.bytes > 0 && bytes > limit.bytes) return true;
  return limit.age != absl::InfiniteDuration() &&
         time < now - absl::ToInt64Microseconds(limit.age);
}

// Calls `visit` for each row from `first` on, until it returns false or there
// were enough for one Tick.
absl::Status VisitSome(
    Overlay& rows, Family family, uint64_t first,
    const std::function<bool(absl::string_view, absl::string_view)>& visit) {
  int count = 0;
  return rows.store().Scan(family, NumberKey(first), "", /*reverse=*/false,
                           [&](absl::string_view key, absl::string_view value) {
                             return count++ < kMaxDeletedPerTick &&
                                    visit(key, value);
                           });
}

uint64_t NumberOf(absl::string_view key) { return TakeNumber(key).value_or(0); }

absl::Status DeleteArticles(const RetentionLimit& limit, CommitRecord& state,
                            Overlay& rows) {
  const int64_t now = state.time();
  if (!IsLimited(limit)) return absl::OkStatus();
  std::vector<std::pair<uint64_t, ArticleRecord>> due;
  int64_t bytes = state.article_bytes();
  uint64_t mark = state.oldest_commit();
  bool damaged = false;
  TOCSIN_RETURN_IF_ERROR(VisitSome(
      rows, Family::kArticles, mark,
      [&](absl::string_view key, absl::string_view value) {
        ArticleRecord article;
        damaged = !article.ParseFromArray(value.data(),
                                          static_cast<int>(value.size()));
        if (damaged || !IsDue(limit, article.received_at(), bytes, now)) {
          return false;
        }
        mark = NumberOf(key) + 1;
        // Deleted when its embargo ends.
        if (article.embargoed()) return true;
        bytes -= RowBytes(key, value.size()) + article.kept_bytes();
        due.emplace_back(NumberOf(key), std::move(article));
        return true;
      }));
  if (damaged) {
    return absl::DataLossError(
        absl::StrCat("the row ", mark, " of `articles` is damaged"));
  }
  for (const auto& [commit, article] : due) {
    TOCSIN_RETURN_IF_ERROR(DeleteRevision(commit, article, state, rows));
  }
  state.set_oldest_commit(mark);
  return absl::OkStatus();
}

absl::Status DeleteAlerts(const RetentionLimit& limit, CommitRecord& state,
                          Overlay& rows) {
  const int64_t now = state.time();
  if (!IsLimited(limit)) return absl::OkStatus();
  uint64_t mark = state.oldest_sequence();
  bool damaged = false;
  TOCSIN_RETURN_IF_ERROR(VisitSome(
      rows, Family::kAlerts, mark,
      [&](absl::string_view key, absl::string_view value) {
        AlertRecord alert;
        damaged =
            !alert.ParseFromArray(value.data(), static_cast<int>(value.size()));
        if (damaged ||
            !IsDue(limit, alert.create_time(), state.alert_bytes(), now)) {
          return false;
        }
        mark = alert.sequence() + 1;
        state.set_alert_bytes(state.alert_bytes() -
                              RowBytes(key, value.size()));
        rows.batch().Delete(Family::kAlerts, key);
        return true;
      }));
  if (damaged) {
    return absl::DataLossError(
        absl::StrCat("the row ", mark, " of `alerts` is damaged"));
  }
  state.set_oldest_sequence(mark);
  return absl::OkStatus();
}

// What near-copies are compared with. Nothing else reads it.
absl::Status DeleteNear(CommitRecord& state, Overlay& rows) {
  const int64_t oldest =
      state.time() - absl::ToInt64Microseconds(kNearAge + kAlwaysKept);
  uint64_t mark = state.oldest_near_commit();
  TOCSIN_RETURN_IF_ERROR(
      VisitSome(rows, Family::kNear, mark,
                [&](absl::string_view key, absl::string_view value) {
                  NearRecord near;
                  if (!near.ParseFromArray(value.data(),
                                           static_cast<int>(value.size())) ||
                      near.received_at() >= oldest) {
                    return false;
                  }
                  rows.batch().Delete(Family::kNear, key);
                  mark = NumberOf(key) + 1;
                  return true;
                }));
  state.set_oldest_near_commit(mark);
  return absl::OkStatus();
}

}  // namespace

absl::Status DeleteRevision(uint64_t commit, const ArticleRecord& article,
                            CommitRecord& state, Overlay& rows) {
  const std::string key = NumberKey(commit);
  int64_t bytes = RowBytes(key, article.ByteSizeLong());
  if (article.kept_bytes() > 0) {
    bytes += article.kept_bytes();
  } else {  // An older version wrote it.
    for (const Family family : {Family::kBodies, Family::kMentions}) {
      TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> value,
                              rows.ReadRaw(family, key));
      if (value.has_value()) bytes += RowBytes(key, value->size());
    }
  }
  state.set_article_bytes(state.article_bytes() - bytes);
  for (const Family family :
       {Family::kArticles, Family::kBodies, Family::kMentions}) {
    rows.Delete(family, key);
  }

  // With its last revision an article is gone as a whole.
  const std::string head_key = HeadKey(article.source(), article.id());
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<ArticleHead> head,
                          rows.Read<ArticleHead>(Family::kHeads, head_key));
  if (!head.has_value() || head->commits_size() == 0 ||
      head->commits(head->commits_size() - 1) != commit) {
    return absl::OkStatus();
  }
  rows.Delete(Family::kHeads, head_key);
  rows.Delete(Family::kCoverage, NumberKey(article.article_number()));
  return absl::OkStatus();
}

absl::Status DeleteOld(const RetentionLimits& limits, CommitRecord& state,
                       Overlay& rows) {
  TOCSIN_RETURN_IF_ERROR(DeleteArticles(limits.articles, state, rows));
  TOCSIN_RETURN_IF_ERROR(DeleteAlerts(limits.alerts, state, rows));
  return DeleteNear(state, rows);
}

}  // namespace tocsin
