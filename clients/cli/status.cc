// tocsin status
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "cli/amount_text.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "tocsin/v1/admin_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kExamples[] =
    "  tocsin status\n"
    "  tocsin status --json | jq .articleCount\n";

std::string Number(int64_t n) { return Grouped(static_cast<double>(n)); }

std::string StatusText(const v1::GetStatusResponse& s,
                       const std::string& server, const Terminal& out) {
  std::string text =
      absl::StrCat(out.Bold(absl::StrCat("tocsind ", Printable(s.version()))),
                   " at ", server, ", up ",
                   DurationText(absl::Now() - ToTime(s.start_time())), "\n");
  const auto add = [&](absl::string_view label, const std::string& value) {
    absl::StrAppend(&text, "  ", PadRight(label, 12), value, "\n");
  };
  add("articles",
      absl::StrCat(Number(s.article_count()), ", ",
                   Counted(s.revision_count(), "revision", "revisions")));
  if (s.has_first_event_time()) {
    add("time", absl::StrCat(TimeText(s.first_event_time()), " to ",
                             TimeText(s.last_event_time())));
  }
  add("entities", Number(s.entity_count()));
  add("alerts", Number(static_cast<int64_t>(s.last_sequence())));
  add("rules", Number(s.rule_count()));
  add("watchers", Number(s.watcher_count()));
  add("disk", absl::StrCat(ByteText(s.disk_bytes()), ", ",
                           ByteText(s.disk_free_bytes()), " free"));
  std::vector<std::string> languages;
  for (const std::string& l : s.languages()) languages.push_back(Printable(l));
  add("languages", absl::StrJoin(languages, " "));
  add("names", absl::StrCat(Number(s.listed_name_count()), " listed"));
  for (const std::string& warning : s.warnings()) {
    absl::StrAppend(&text, Indented(absl::StrCat(out.Urgent("warning:"), " ",
                                                 Printable(warning)),
                                    2, out.width()));
  }
  return text;
}

}  // namespace

void AddStatusCommand(CLI::App& app, Context& context) {
  CLI::App* command =
      AddCommand(app, "status", "Shows how the daemon is, and what it warns of",
                 kExamples);
  command->callback([&context] {
    context.run = [&context]() -> absl::StatusOr<int> {
      const Connection connection = context.Connect();
      CLI_ASSIGN_OR_RETURN(const v1::GetStatusResponse status,
                           connection.Call(&v1::AdminService::Stub::GetStatus,
                                           v1::GetStatusRequest()));
      context.out.Print(
          context.json ? ToJson(status) + "\n"
                       : StatusText(status, connection.server(), context.out));
      return kOk;
    };
  });
}

}  // namespace tocsin::cli
