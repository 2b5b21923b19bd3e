#include "storage/check.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/check_context.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

constexpr size_t kMaxFindings = 1000;
constexpr int64_t kRowsPerProgress = 4096;

struct FamilyCheck {
  Family family;
  RowCheck check;
};

// In this order: `entities` compares with what `sightings` counted.
constexpr std::array kChecks = {
    FamilyCheck{Family::kMeta, &CheckMeta},
    FamilyCheck{Family::kHeads, &CheckHead},
    FamilyCheck{Family::kArticles, &CheckArticle},
    FamilyCheck{Family::kBodies, &CheckBody},
    FamilyCheck{Family::kMentions, &CheckMentions},
    FamilyCheck{Family::kCoverage, &CheckCoverage},
    FamilyCheck{Family::kNear, &CheckNear},
    FamilyCheck{Family::kEmbargoes, &CheckEmbargo},
    FamilyCheck{Family::kKeys, &CheckKey},
    FamilyCheck{Family::kSightings, &CheckSighting},
    FamilyCheck{Family::kEntities, &CheckEntity},
    FamilyCheck{Family::kCounters, &CheckCounters},
    FamilyCheck{Family::kAlerts, &CheckAlert},
    FamilyCheck{Family::kMarks, &CheckMark},
    FamilyCheck{Family::kPending, &CheckPending},
    FamilyCheck{Family::kRules, &CheckRule},
    FamilyCheck{Family::kNames, &CheckName},
    FamilyCheck{Family::kSubscriptions, &CheckSubscription},
    FamilyCheck{Family::kCursors, &CheckCursor},
    FamilyCheck{Family::kLetters, &CheckLetter},
};
static_assert(kChecks.size() == kFamilyNames.size(),
              "a family without a check");

absl::string_view NameOf(Family family) {
  return kFamilyNames[static_cast<size_t>(family)];
}

// What holds of all rows of a family together.
void CheckTotals(CheckContext& context, Family family, int64_t& article_bytes) {
  const CommitRecord& state = context.state;
  const auto expect = [&](absl::string_view what, int64_t has, int64_t says) {
    if (has == says) return;
    context.Found(Family::kMeta, kCommitKey,
                  absl::StrCat("says that ", what, " is ", says,
                               ", but the rows make it ", has));
  };
  switch (family) {
    case Family::kArticles:
      article_bytes += context.bytes;
      expect("the last commit",
             static_cast<int64_t>(
                 std::max(context.last_commit + 1, state.oldest_commit()) - 1),
             static_cast<int64_t>(state.last_commit()));
      if (state.oldest_commit() <= 1 && context.chain != state.chain()) {
        context.Found(Family::kMeta, kCommitKey,
                      "has another chain than the articles make");
      }
      break;
    case Family::kBodies:
      article_bytes += context.bytes;
      break;
    case Family::kMentions:
      expect("article_bytes", article_bytes + context.bytes,
             state.article_bytes());
      break;
    case Family::kEntities:
      expect("the last entity", static_cast<int64_t>(context.last_entity),
             static_cast<int64_t>(state.last_entity()));
      break;
    case Family::kSightings:
      expect("sighting_bytes", context.bytes, state.sighting_bytes());
      break;
    case Family::kAlerts:
      if (context.last_sequence != 0 || state.oldest_sequence() <= 1) {
        expect("the last sequence", static_cast<int64_t>(context.last_sequence),
               static_cast<int64_t>(state.last_sequence()));
      }
      expect("alert_bytes", context.bytes, state.alert_bytes());
      break;
    default:
      break;
  }
}

}  // namespace

void AddFinding(std::string where, std::string what, CheckReport& report) {
  ++report.finding_count;
  if (report.findings.size() < kMaxFindings) {
    report.findings.push_back({std::move(where), std::move(what)});
  }
}

void CheckContext::Found(Family family, absl::string_view key,
                         std::string what) {
  AddFinding(absl::StrCat(NameOf(family), " ", RowName(key)), std::move(what),
             report);
}

std::optional<std::string> CheckContext::Get(Family family,
                                             absl::string_view key) {
  ++report.references;
  absl::StatusOr<std::optional<std::string>> value = snapshot.Get(family, key);
  if (value.ok()) return *std::move(value);
  Found(family, key, std::string(value.status().message()));
  return std::nullopt;
}

absl::Status CheckRows(const Store& store, const CheckProgress& progress,
                       CheckReport& report) {
  const Snapshot snapshot = store.GetSnapshot();
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state, snapshot.LatestCommit());
  CheckContext context{snapshot, state, report};
  int64_t article_bytes = 0;
  for (const FamilyCheck& check : kChecks) {
    const std::string what = absl::StrCat("rows of ", NameOf(check.family));
    int64_t rows = 0;
    context.bytes = 0;
    const absl::Status scanned = snapshot.Scan(
        check.family, "", "", /*reverse=*/false,
        [&](absl::string_view key, absl::string_view value) {
          if (rows++ % kRowsPerProgress == 0) progress(what, rows, 0);
          context.bytes += static_cast<int64_t>(key.size() + value.size());
          check.check(context, key, value);
          return true;
        });
    report.rows += rows;
    if (scanned.ok()) {
      CheckTotals(context, check.family, article_bytes);
    } else {
      AddFinding(std::string(NameOf(check.family)),
                 std::string(scanned.message()), report);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<CheckReport> CheckStore(const Store& store,
                                       const CheckProgress& progress) {
  CheckReport report;
  TOCSIN_RETURN_IF_ERROR(CheckFiles(store, progress, report));
  TOCSIN_RETURN_IF_ERROR(CheckRows(store, progress, report));
  return report;
}

}  // namespace tocsin
