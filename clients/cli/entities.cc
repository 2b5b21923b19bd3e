// tocsin entity, entities, mentions
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/alert_text.h"
#include "cli/amount_text.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/list_options.h"
#include "cli/pages.h"
#include "cli/resource_name.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "tocsin/v1/archive_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kEntityExamples[] =
    "  tocsin entity OpenAI\n"
    "  tocsin entity Donald Trump --json\n";
constexpr char kEntitiesExamples[] =
    "  tocsin entities --limit 20\n"
    "  tocsin entities --filter 'entity.type = PERSON AND NOT entity.listed'\n";
constexpr char kMentionsExamples[] =
    "  tocsin mentions OpenAI\n"
    "  tocsin mentions OpenAI --filter 'article.language = \"nl\"'\n";

// "nl  OpenAI 12, OpenAI's 3"
std::string FormsText(const v1::EntityHistory& history, int width) {
  std::map<std::string, std::vector<std::string>> by_language;
  for (const v1::SurfaceForm& form : history.forms()) {
    by_language[form.language()].push_back(absl::StrCat(
        Printable(form.text()),
        form.count() > 1 ? absl::StrCat(" (", form.count(), ")") : ""));
  }
  std::string text;
  for (const auto& [language, forms] : by_language) {
    const std::string label = PadRight(Printable(language), 5);
    bool first = true;
    for (const std::string& line :
         Wrap(absl::StrJoin(forms, ", "), width > 30 ? width - 9 : 0)) {
      absl::StrAppend(&text, "    ", first ? label : PadRight("", 5), line,
                      "\n");
      first = false;
    }
  }
  return text;
}

std::string EntityText(const v1::Entity& entity, const Terminal& out) {
  const v1::EntityHistory& history = entity.history();
  const std::string type = TypeText(entity.type());
  std::string text =
      absl::StrCat(out.Bold(Printable(entity.display_name())),
                   type.empty() ? "" : absl::StrCat(", ", type), "  ",
                   out.Dim(Printable(entity.name())),
                   entity.listed() ? "" : "  (in no name list)", "\n");
  if (history.article_count() == 0) {
    return absl::StrCat(text, "  in no article yet\n");
  }
  std::vector<std::string> sources;
  for (const std::string& source : history.sources()) {
    sources.push_back(Printable(source));
  }
  absl::StrAppend(&text, "  first seen  ", TimeText(history.first_seen_at()),
                  " in ", Printable(ShortArticleName(history.first_article())),
                  "\n", "  last seen   ", TimeText(history.last_seen_at()),
                  "\n", "  articles    ",
                  Grouped(static_cast<double>(history.article_count())),
                  " from ", absl::StrJoin(sources, ", "), "\n");
  if (history.forms_size() > 0) {
    absl::StrAppend(&text, "\n  Written as\n", FormsText(history, out.width()));
  }
  if (history.amounts_size() > 0) {
    Table table({{"amount", false, true},
                 {"first seen"},
                 {"last seen"},
                 {"articles", true},
                 {"first in", false, true}});
    for (const v1::AmountHistory& amount : history.amounts()) {
      table.Add({AmountText(amount.amount()), TimeText(amount.first_seen_at()),
                 TimeText(amount.last_seen_at()),
                 absl::StrCat(amount.article_count()),
                 Printable(ShortArticleName(amount.first_article()))});
    }
    absl::StrAppend(&text, "\n", table.Render(out.width()));
  }
  return text;
}

absl::StatusOr<int> RunEntity(Context& context, const std::string& name) {
  v1::GetEntityRequest request;
  request.set_name(EntityName(name));
  CLI_ASSIGN_OR_RETURN(
      const v1::Entity entity,
      context.Connect().Call(&v1::ArchiveService::Stub::GetEntity, request));
  context.out.Print(context.json ? ToJson(entity) + "\n"
                                 : EntityText(entity, context.out));
  return kOk;
}

absl::StatusOr<int> RunEntities(Context& context, const ListOptions& options) {
  Table table({{"entity", false, true},
               {"type"},
               {"articles", true},
               {"first seen"},
               {"last seen"},
               {"first in", false, true}});
  v1::ListEntitiesRequest request;
  request.set_filter(options.filter);
  CLI_ASSIGN_OR_RETURN(
      const bool more,
      ForEachPage(
          context.Connect(), &v1::ArchiveService::Stub::ListEntities, request,
          options.limit, options.filter,
          [](const auto& page) { return page.entities_size(); },
          [&](const v1::ListEntitiesResponse& page) {
            for (const v1::Entity& e : page.entities()) {
              if (context.json) {
                context.out.Print(ToJson(e) + "\n");
                continue;
              }
              const v1::EntityHistory& h = e.history();
              table.Add({Printable(e.display_name()), TypeText(e.type()),
                         Grouped(static_cast<double>(h.article_count())),
                         TimeText(h.first_seen_at()),
                         TimeText(h.last_seen_at()),
                         Printable(ShortArticleName(h.first_article()))});
            }
            return context.out.Flush();
          }));
  FinishTable(context, table, options, more);
  return kOk;
}

absl::StatusOr<int> RunMentions(Context& context, const std::string& name,
                                const ListOptions& options) {
  v1::ListMentionsRequest request;
  request.set_parent(EntityName(name));
  request.set_filter(options.filter);
  int64_t count = 0;
  CLI_ASSIGN_OR_RETURN(
      const bool more,
      ForEachPage(
          context.Connect(), &v1::ArchiveService::Stub::ListMentions, request,
          options.limit, options.filter,
          [](const auto& page) { return page.mentions_size(); },
          [&](const v1::ListMentionsResponse& page) {
            for (const v1::StoredMention& m : page.mentions()) {
              ++count;
              if (context.json) {
                context.out.Print(ToJson(m) + "\n");
                continue;
              }
              context.out.Print(absl::StrCat(
                  TimeText(m.event_time()), "  ",
                  context.out.Bold(Printable(ShortArticleName(m.article()))),
                  " (", Printable(m.language()), ")\n",
                  Indented(PassageText(m.passage(), context.out), 4,
                           context.out.width())));
            }
            return context.out.Flush();
          }));
  if (count == 0 && !context.json) context.out.Note("No mention.");
  NoteMore(context, options, more);
  return kOk;
}

}  // namespace

void AddEntityCommands(CLI::App& app, Context& context) {
  auto words = std::make_shared<std::vector<std::string>>();
  CLI::App* entity =
      AddCommand(app, "entity",
                 "Shows what the archive knows of a name: when it was first "
                 "and last seen, in which forms, beside which amounts",
                 kEntityExamples);
  entity
      ->add_option("name", *words, "Any form of the name, or its entities/KEY")
      ->required();
  entity->callback([words, &context] {
    context.run = [words, &context] {
      return RunEntity(context, absl::StrJoin(*words, " "));
    };
  });

  auto list = std::make_shared<ListOptions>();
  CLI::App* entities =
      AddCommand(app, "entities", "Lists the entities seen, the newest first",
                 kEntitiesExamples);
  list->Register(*entities);
  entities->callback([list, &context] {
    context.run = [list, &context] { return RunEntities(context, *list); };
  });

  auto mentions_options = std::make_shared<ListOptions>();
  auto parent = std::make_shared<std::vector<std::string>>();
  CLI::App* mentions = AddCommand(
      app, "mentions", "Shows where a name was mentioned, the latest first",
      kMentionsExamples);
  mentions->add_option("name", *parent, "Any form of the name")->required();
  mentions_options->Register(*mentions);
  mentions->callback([parent, mentions_options, &context] {
    context.run = [parent, mentions_options, &context] {
      return RunMentions(context, absl::StrJoin(*parent, " "),
                         *mentions_options);
    };
  });
}

}  // namespace tocsin::cli
