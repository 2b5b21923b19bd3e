// tocsin names apply, check, list, merge
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/name_file.h"
#include "cli/pages.h"
#include "cli/resource_name.h"
#include "cli/rpc_error.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/upload.h"
#include "tocsin/v1/admin_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kExamples[] =
    "  tocsin names apply -f names.yaml\n"
    "  tocsin names list\n"
    "  tocsin names merge \"European Commission\" EU-kommissionen\n"
    "\n"
    "A file of names:\n"
    "  names:\n"
    "    - name: Quarnell Group\n"
    "      type: organization\n"
    "      aliases: [Quarnell, QNL]\n"
    "\n"
    "The list holds for every article that comes in afterwards. Genitives and\n"
    "compounds are found by themselves. `~` before an alias says that it is "
    "an\n"
    "ordinary word, too.\n";

struct ApplyOptions {
  std::vector<std::string> files;
  bool check_only = false;
};

absl::StatusOr<v1::ApplyNamesResponse> Send(
    const Connection& connection, const ApplyOptions& options,
    const std::vector<v1::ListedName>& names) {
  v1::ApplyNamesRequest head;
  head.set_validate_only(options.check_only);
  head.set_name_count(static_cast<int64_t>(names.size()));
  v1::ApplyNamesResponse response;
  const grpc::Status status = Upload(
      connection, &v1::AdminService::Stub::ApplyNames, head, names,
      [](const v1::ListedName& name, v1::ApplyNamesRequest& request) {
        *request.add_names() = name;
      },
      response);
  if (status.ok()) return response;
  // Says what the name is called that stands in the message by its number.
  const absl::Status told = connection.Explain(status);
  const auto index = IndexAtFault(status);
  if (!index.has_value() || *index >= names.size()) return told;
  return absl::Status(
      told.code(), absl::StrCat(told.message(), " (",
                                Printable(names[*index].display_name()), ")"));
}

absl::StatusOr<int> RunApply(Context& context, const ApplyOptions& options) {
  std::vector<v1::ListedName> names;
  for (const std::string& file : options.files) {
    CLI_ASSIGN_OR_RETURN(std::vector<v1::ListedName> some, ReadNameFile(file));
    names.insert(names.end(), some.begin(), some.end());
  }
  CLI_ASSIGN_OR_RETURN(const v1::ApplyNamesResponse response,
                       Send(context.Connect(), options, names));
  if (context.json) {
    context.out.Print(ToJson(response) + "\n");
    return kOk;
  }
  context.out.Print(absl::StrCat(
      Counted(response.name_count(), "name", "names"),
      options.check_only ? " right: " : " applied: ", response.created_count(),
      " new, ", response.updated_count(), " changed, ",
      response.deleted_count(), " gone, ", response.unchanged_count(),
      " as before", options.check_only ? " (nothing was changed)" : "", "\n"));
  return kOk;
}

absl::StatusOr<int> RunList(Context& context) {
  Table table({{"name"}, {"type"}, {"id"}, {"aliases", false, true}});
  CLI_RETURN_IF_ERROR(
      ForEachPage(
          context.Connect(), &v1::AdminService::Stub::ListNames,
          v1::ListNamesRequest(), 0, "",
          [](const auto& page) { return page.names_size(); },
          [&](const v1::ListNamesResponse& page) {
            for (const v1::ListedName& name : page.names()) {
              if (context.json) {
                context.out.Print(ToJson(name) + "\n");
                continue;
              }
              table.Add(
                  {Printable(name.display_name()),
                   absl::AsciiStrToLower(v1::Entity::Type_Name(name.type())),
                   Printable(name.id()),
                   Printable(absl::StrJoin(name.aliases(), ", "))});
            }
            return context.out.Flush();
          })
          .status());
  if (context.json) return kOk;
  if (table.empty()) {
    context.out.Note(
        "No names of your own: `tocsin names apply -f FILE` brings some.");
  } else {
    context.out.Print(table.Render(context.out.width()));
  }
  return kOk;
}

absl::StatusOr<int> RunMerge(Context& context, const std::string& into,
                             const std::string& from) {
  v1::MergeEntitiesRequest request;
  request.set_into(EntityName(into));
  request.set_from(EntityName(from));
  CLI_ASSIGN_OR_RETURN(
      const v1::Entity entity,
      context.Connect().Call(&v1::AdminService::Stub::MergeEntities, request));
  if (context.json) {
    context.out.Print(ToJson(entity) + "\n");
    return kOk;
  }
  context.out.Print(absl::StrCat(
      Printable(from), " is ",
      context.out.Bold(Printable(entity.display_name())), " from now on (",
      Counted(entity.history().article_count(), "article", "articles"), ")\n"));
  return kOk;
}

void AddApply(CLI::App& names, Context& context, const std::string& name,
              const std::string& description, bool check_only) {
  auto options = std::make_shared<ApplyOptions>();
  options->check_only = check_only;
  CLI::App* command =
      AddCommand(names, name, description,
                 absl::StrCat("  tocsin names ", name, " -f names.yaml\n"));
  command
      ->add_option("-f,--file", options->files,
                   "YAML, JSON Lines (.jsonl) or a folder of both; - is "
                   "standard input; several make one list")
      ->type_name("FILE")
      ->required();
  command->callback([options, &context] {
    context.run = [options, &context] { return RunApply(context, *options); };
  });
}

}  // namespace

void AddNamesCommand(CLI::App& app, Context& context) {
  CLI::App* names = AddCommand(
      app, "names", "Shows and changes the names that you add to the lists",
      kExamples);
  names->require_subcommand(1);
  CLI::App* list =
      AddCommand(*names, "list", "Lists your names", "  tocsin names list\n");
  list->callback(
      [&context] { context.run = [&context] { return RunList(context); }; });
  AddApply(*names, context, "apply",
           "Makes the names of the files your list, all or nothing", false);
  AddApply(*names, context, "check",
           "Says whether the names are right and what would change", true);
  auto merged = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* merge = AddCommand(
      *names, "merge",
      "Makes one of two entities that are the same; cannot be undone",
      "  tocsin names merge \"European Commission\" EU-kommissionen\n");
  merge->add_option("into", merged->first, "The one that remains")->required();
  merge->add_option("from", merged->second, "The one that becomes its alias")
      ->required();
  merge->callback([merged, &context] {
    context.run = [merged, &context] {
      return RunMerge(context, merged->first, merged->second);
    };
  });
}

}  // namespace tocsin::cli
