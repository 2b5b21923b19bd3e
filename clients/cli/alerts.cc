// tocsin alerts
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/alert_text.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/pages.h"
#include "cli/status.h"
#include "cli/text.h"
#include "tocsin/v1/alert_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "Shows alerts of the log, the latest last, grouped by article";

constexpr char kExamples[] =
    "  tocsin alerts --limit 20\n"
    "  tocsin alerts --filter 'entity.type = ORGANIZATION AND urgency <= 3'\n"
    "  tocsin alerts --limit 0 --json > all.jsonl\n";

struct AlertsOptions {
  std::string filter;
  int64_t limit = 1000;
};

// Prints alerts as they come, in groups of the same article revision.
class AlertPrinter {
 public:
  explicit AlertPrinter(Context& context) : context_(context) {}

  absl::Status Add(const v1::Alert& alert) {
    ++count_;
    if (context_.json) {
      context_.out.Print(ToJson(alert) + "\n");
      return absl::OkStatus();
    }
    if (!group_.empty() && (group_[0].article() != alert.article() ||
                            group_[0].revision() != alert.revision())) {
      CLI_RETURN_IF_ERROR(EndGroup());
    }
    group_.push_back(alert);
    return absl::OkStatus();
  }

  absl::Status EndGroup() {
    if (group_.empty()) return absl::OkStatus();
    context_.out.Print(ArticleAlertsText(group_, context_.out) + "\n");
    group_.clear();
    return context_.out.Flush();
  }

  int64_t count() const { return count_; }

 private:
  Context& context_;
  std::vector<v1::Alert> group_;
  int64_t count_ = 0;
};

absl::StatusOr<int> Run(Context& context, const AlertsOptions& options) {
  const Connection connection = context.Connect();
  AlertPrinter printer(context);
  v1::ListAlertsRequest request;
  request.set_filter(options.filter);
  const bool all = options.limit == 0;
  request.set_oldest_first(all);
  std::vector<v1::Alert> latest;  // The latest first.
  CLI_ASSIGN_OR_RETURN(const bool more,
                       ForEachPage(
                           connection, &v1::AlertService::Stub::ListAlerts,
                           request, options.limit, options.filter,
                           [](const auto& page) { return page.alerts_size(); },
                           [&](const v1::ListAlertsResponse& page) {
                             if (!all) {
                               latest.insert(latest.end(),
                                             page.alerts().begin(),
                                             page.alerts().end());
                               return absl::OkStatus();
                             }
                             for (const v1::Alert& alert : page.alerts()) {
                               if (auto s = printer.Add(alert); !s.ok())
                                 return s;
                             }
                             return context.out.Flush();
                           }));
  for (auto it = latest.rbegin(); it != latest.rend(); ++it) {
    CLI_RETURN_IF_ERROR(printer.Add(*it));
  }
  CLI_RETURN_IF_ERROR(printer.EndGroup());
  if (context.json) return kOk;
  if (printer.count() == 0) {
    context.out.Note(options.filter.empty() ? "No alerts yet."
                                            : "No alert matches.");
  } else if (more) {
    context.out.Note(absl::StrCat("The latest ",
                                  Counted(printer.count(), "alert", "alerts"),
                                  "; --limit 0 shows all."));
  }
  return kOk;
}

}  // namespace

void AddAlertsCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<AlertsOptions>();
  CLI::App* command = AddCommand(app, "alerts", kDescription, kExamples);
  command->add_option("--filter", options->filter, "Only alerts that match")
      ->type_name("FILTER");
  command
      ->add_option("--limit", options->limit, "The latest so many; 0 for all")
      ->type_name("N")
      ->check(AtLeast(0))
      ->capture_default_str();
  command->callback([options, &context] {
    context.run = [options, &context] { return Run(context, *options); };
  });
}

}  // namespace tocsin::cli
