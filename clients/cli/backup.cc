// tocsin backup create, list, verify
#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/pages.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "tocsin/v1/admin_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kExamples[] =
    "  tocsin backup create\n"
    "  tocsin backup list\n"
    "  tocsin backup verify 3\n"
    "\n"
    "A backup becomes an archive again, in an empty directory, with:\n"
    "  tocsind --restore /var/lib/tocsin/backups/3 --data "
    "/var/lib/tocsin-new\n";

constexpr absl::Duration kProgressPeriod = absl::Milliseconds(500);

// Copying an archive takes as long as it takes.
Connection ConnectForLong(const Context& context) {
  return Connection({.server = context.server,
                     .timeout = absl::Hours(24 * 30),
                     .keepalive = true});
}

std::string NameOf(const std::string& typed) {
  return absl::StartsWith(typed, "backups/") ? typed
                                             : absl::StrCat("backups/", typed);
}

std::string StateText(const v1::Backup& backup) {
  switch (backup.state()) {
    case v1::Backup::CREATING:
      return backup.size_bytes() == 0
                 ? "being made"
                 : absl::StrFormat(
                       "being made, %d %%",
                       std::min<int64_t>(99, 100 * backup.done_bytes() /
                                                 backup.size_bytes()));
    case v1::Backup::DAMAGED:
      return absl::StrCat("DAMAGED: ", Printable(backup.damage()));
    default:
      return "ready";
  }
}

// How far the daemon is with the backup that it is making.
void ShowProgress(Context& context, const Connection& connection) {
  v1::ListBackupsRequest request;
  request.set_page_size(kMaxPage);
  const absl::StatusOr<v1::ListBackupsResponse> list =
      connection.Call(&v1::AdminService::Stub::ListBackups, request);
  if (!list.ok()) return;
  for (const v1::Backup& backup : list->backups()) {
    if (backup.state() != v1::Backup::CREATING) continue;
    context.out.Progress(absl::StrCat("backup ", StateText(backup), " (",
                                      ByteText(backup.done_bytes()), ")"));
  }
}

absl::StatusOr<int> RunCreate(Context& context) {
  const Connection connection = ConnectForLong(context);
  auto answer = std::async(std::launch::async, [&connection] {
    return connection.Call(&v1::AdminService::Stub::CreateBackup,
                           v1::CreateBackupRequest());
  });
  while (answer.wait_for(absl::ToChronoMilliseconds(kProgressPeriod)) !=
         std::future_status::ready) {
    if (context.out.stderr_is_terminal()) ShowProgress(context, connection);
  }
  context.out.ClearProgress();
  CLI_ASSIGN_OR_RETURN(const v1::Backup backup, answer.get());
  context.out.Print(context.json
                        ? ToJson(backup) + "\n"
                        : absl::StrCat("made ", context.out.Bold(backup.name()),
                                       ": ", ByteText(backup.size_bytes()),
                                       ", alerts up to ",
                                       backup.last_sequence(), "\n"));
  return kOk;
}

absl::StatusOr<int> RunList(Context& context) {
  Table table({{"BACKUP"},
               {"TIME"},
               {"SIZE", /*right_aligned=*/true},
               {"LAST ALERT", /*right_aligned=*/true},
               {"STATE", false, /*flexible=*/true}});
  CLI_RETURN_IF_ERROR(
      ForEachPage(
          context.Connect(), &v1::AdminService::Stub::ListBackups,
          v1::ListBackupsRequest(), 0, "",
          [](const v1::ListBackupsResponse& page) {
            return page.backups_size();
          },
          [&](const v1::ListBackupsResponse& page) {
            for (const v1::Backup& backup : page.backups()) {
              if (context.json) {
                context.out.Print(ToJson(backup) + "\n");
              } else {
                table.Add(
                    {Printable(backup.name()), TimeText(backup.create_time()),
                     ByteText(backup.size_bytes()),
                     absl::StrCat(backup.last_sequence()), StateText(backup)});
              }
            }
            return absl::OkStatus();
          })
          .status());
  if (context.json) return kOk;
  context.out.Print(
      table.empty() ? "There are no backups. Make one: tocsin backup create\n"
                    : table.Render(context.out.width()));
  return kOk;
}

absl::StatusOr<int> RunVerify(Context& context, const std::string& typed) {
  const Connection connection = ConnectForLong(context);
  v1::VerifyBackupRequest request;
  request.set_name(NameOf(typed));
  context.out.Progress(absl::StrCat("reading ", request.name(), " ..."));
  CLI_RETURN_IF_ERROR(
      connection.Call(&v1::AdminService::Stub::VerifyBackup, request).status());
  context.out.ClearProgress();
  context.out.Print(context.json
                        ? absl::StrCat("{\"name\":\"", request.name(),
                                       "\",\"verified\":true}\n")
                        : absl::StrCat(Printable(request.name()),
                                       " is whole: every checksum is right\n"));
  return kOk;
}

}  // namespace

void AddBackupCommand(CLI::App& app, Context& context) {
  CLI::App* backup =
      AddCommand(app, "backup",
                 "Makes, lists and verifies backups of the archive", kExamples);
  backup->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& description,
                       absl::StatusOr<int> (*run)(Context&)) {
    AddCommand(*backup, name, description,
               absl::StrCat("  tocsin backup ", name, "\n"))
        ->callback([&context, run] {
          context.run = [&context, run] { return run(context); };
        });
  };
  add("create", "Backs up the archive while it is in use; waits for the end",
      &RunCreate);
  add("list", "Lists the backups, and the one that is being made", &RunList);
  auto name = std::make_shared<std::string>();
  CLI::App* verify =
      AddCommand(*backup, "verify", "Reads a backup and compares all checksums",
                 "  tocsin backup verify 3\n");
  verify->add_option("backup", *name, "Its number, or `backups/3`")->required();
  verify->callback([name, &context] {
    context.run = [name, &context] { return RunVerify(context, *name); };
  });
}

}  // namespace tocsin::cli
