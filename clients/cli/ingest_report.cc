#include "cli/ingest_report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "cli/amount_text.h"
#include "cli/json.h"
#include "cli/text.h"
#include "cli/time_text.h"

namespace tocsin::cli {
namespace {

const absl::Duration kProgressEvery = absl::Milliseconds(200);

}  // namespace

IngestReport::IngestReport(Terminal& out, bool json, absl::Time start)
    : out_(out), json_(json), start_(start) {}

void IngestReport::Add(const Origin& origin, const v1::IngestResult& result,
                       absl::Time now) {
  switch (result.outcome()) {
    case v1::IngestResult::STORED:
      ++stored_;
      break;
    case v1::IngestResult::REVISED:
      ++revised_;
      break;
    case v1::IngestResult::DUPLICATE:
      ++duplicates_;
      break;
    default:
      ++rejected_;
      out_.Note(absl::StrCat(Printable(origin.ToString()), ": rejected: ",
                             PrintableLines(result.error().message())));
      break;
  }
  alerts_ += result.alert_count();
  if (json_) {
    auto json = nlohmann::json::parse(ToJson(result));
    json["input"] = Printable(origin.ToString());
    out_.Print(json.dump() + "\n");
  }
  if (now - shown_ >= kProgressEvery) ShowProgress(now, 0);
}

void IngestReport::AddUnreadable(const Origin& origin,
                                 const absl::Status& status, absl::Time now) {
  v1::IngestResult result;
  result.set_outcome(v1::IngestResult::REJECTED);
  result.mutable_error()->set_code(
      static_cast<int>(absl::StatusCode::kInvalidArgument));
  result.mutable_error()->set_message(std::string(status.message()));
  Add(origin, result, now);
}

void IngestReport::ShowProgress(absl::Time now, size_t outstanding) {
  shown_ = now;
  if (!out_.stderr_is_terminal()) return;
  out_.Progress(absl::StrCat(
      Counted(total(), "article", "articles"), ", ", Rate(now),
      rejected_ > 0 ? absl::StrCat(", ", rejected_, " rejected") : "",
      outstanding > 0 ? absl::StrCat(", ", outstanding, " on the way") : ""));
}

std::string IngestReport::Rate(absl::Time now) const {
  const double seconds = absl::ToDoubleSeconds(now - start_);
  const double rate =
      static_cast<double>(total()) / (seconds > 0.001 ? seconds : 0.001);
  return absl::StrCat(
      rate < 10 ? absl::StrFormat("%.1f", rate)
                : Grouped(static_cast<double>(static_cast<int64_t>(rate))),
      " a second");
}

std::string IngestReport::Summary(absl::Time now) const {
  return absl::StrCat(Grouped(static_cast<double>(stored_)), " stored, ",
                      Grouped(static_cast<double>(revised_)), " revised, ",
                      Counted(duplicates_, "duplicate", "duplicates"), ", ",
                      Grouped(static_cast<double>(rejected_)), " rejected; ",
                      Counted(alerts_, "alert", "alerts"), " (",
                      Counted(total(), "article", "articles"), " in ",
                      DurationText(now - start_), ", ", Rate(now), ")");
}

}  // namespace tocsin::cli
