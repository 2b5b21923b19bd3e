// tocsin analyze
#include <algorithm>
#include <deque>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/alert_text.h"
#include "cli/amount_text.h"
#include "cli/command.h"
#include "cli/input_options.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/marked_text.h"
#include "cli/resource_name.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "Shows what is detected in articles, and what would ring, storing nothing\n"
    "\n"
    "Takes the same files as ingest. With --json: a line for each article with "
    "articleId, language and mentions.";

constexpr char kExamples[] =
    "  tocsin analyze news/001.txt\n"
    "  echo 'OpenAI raises $40bn.' | tocsin analyze -\n"
    "  tocsin analyze --json --mentions-only articles.jsonl > mentions.jsonl\n";

// So many calls are on the way at once; results are shown in order.
constexpr size_t kInFlight = 8;

struct AnalyzeOptions {
  InputOptions input;
  bool mentions_only = false;
};

std::string SightingText(
    const v1::AnalyzeArticleResponse::AnalyzedSighting& sighting) {
  std::string text = sighting.is_new()
                         ? "new"
                         : absl::StrCat("in ", Counted(sighting.article_count(),
                                                       "article", "articles"));
  if (sighting.rules_size() > 0) {
    std::vector<std::string> rules;
    for (const std::string& rule : sighting.rules()) {
      rules.push_back(Printable(ShortRuleName(rule)));
    }
    absl::StrAppend(&text, ", rings ", absl::StrJoin(rules, " "));
  }
  return text;
}

// What one line of the table is about: the mentions of one entity or amount.
struct Row {
  const v1::Mention* mention = nullptr;  // The first.
  int count = 0;
  std::vector<std::string> surfaces = {};
  std::string known = {};
};

std::string TableText(const v1::AnalyzeArticleResponse& response,
                      const Terminal& out) {
  std::map<std::string, std::string> display_names;
  for (const v1::Mention& mention : response.mentions()) {
    if (!mention.has_entity()) continue;
    display_names[mention.entity().name()] = mention.entity().display_name();
  }
  std::vector<Row> rows;
  std::map<std::string, size_t> row_of;
  for (int i = 0; i < response.mentions_size(); ++i) {
    const v1::Mention& mention = response.mentions(i);
    const std::string key = mention.has_entity()
                                ? mention.entity().name()
                                : absl::StrCat(AmountText(mention.amount()),
                                               "\n", mention.anchor());
    const auto [it, is_new] = row_of.try_emplace(key, rows.size());
    if (is_new) rows.push_back({.mention = &mention});
    Row& row = rows[it->second];
    ++row.count;
    const std::string surface = Printable(mention.surface());
    if (std::find(row.surfaces.begin(), row.surfaces.end(), surface) ==
        row.surfaces.end()) {
      row.surfaces.push_back(surface);
    }
    for (const auto& sighting : response.sightings()) {
      if (sighting.mention() == i) row.known = SightingText(sighting);
    }
  }
  Table table({{"what", false, true},
               {"type"},
               {"n", true},
               {"in the text", false, true},
               {"about", false, true},
               {"known", false, true}});
  for (const Row& row : rows) {
    const v1::Mention& m = *row.mention;
    const auto anchor = display_names.find(m.anchor());
    table.Add({MentionText(m),
               m.has_entity() ? TypeText(m.entity().type()) : "amount",
               absl::StrCat(row.count), absl::StrJoin(row.surfaces, ", "),
               anchor == display_names.end() ? "" : Printable(anchor->second),
               row.known});
  }
  return table.empty() ? "Nothing is mentioned.\n" : table.Render(out.width());
}

class Analyze {
 public:
  Analyze(Context& context, const AnalyzeOptions& options)
      : context_(context), options_(options), connection_(context.Connect()) {}

  absl::StatusOr<int> Run() {
    CLI_ASSIGN_OR_RETURN(ArticleReader reader,
                         options_.input.Reader(options_.input.paths, false, [] {
                           return !Interrupt::Requested();
                         }));
    while (!Interrupt::Requested()) {
      std::optional<Input> input = reader.Next();
      if (!input.has_value()) break;
      pending_.push_back(std::async(
          std::launch::async, [this](Input i) { return Send(std::move(i)); },
          *std::move(input)));
      if (pending_.size() >= kInFlight) CLI_RETURN_IF_ERROR(ShowOldest());
    }
    while (!pending_.empty()) CLI_RETURN_IF_ERROR(ShowOldest());
    if (Interrupt::Requested()) return Interrupt::ExitCode();
    return rejected_ ? kPartial : kOk;
  }

 private:
  struct Answer {
    Input input;
    absl::StatusOr<v1::AnalyzeArticleResponse> response;
  };

  // On another thread.
  Answer Send(Input input) const {
    if (!input.article.ok())
      return {std::move(input), absl::UnknownError("not sent")};
    v1::AnalyzeArticleRequest request;
    *request.mutable_article() = *input.article;
    request.set_mentions_only(options_.mentions_only);
    auto response =
        connection_.Call(&v1::IngestService::Stub::AnalyzeArticle, request);
    return {std::move(input), std::move(response)};
  }

  absl::Status ShowOldest() {
    const Answer answer = pending_.front().get();
    pending_.pop_front();
    const absl::Status status = !answer.input.article.ok()
                                    ? answer.input.article.status()
                                    : answer.response.status();
    if (!status.ok()) {
      if (!absl::IsInvalidArgument(status) &&
          !absl::IsResourceExhausted(status) && answer.input.article.ok()) {
        return status;
      }
      rejected_ = true;
      context_.out.Note(absl::StrCat(Printable(answer.input.origin.ToString()),
                                     ": rejected: ", status.message()));
      return absl::OkStatus();
    }
    if (context_.json) {
      context_.out.Print(ToJson(*answer.response) + "\n");
    } else {
      Show(answer);
    }
    return context_.out.Flush();
  }

  void Show(const Answer& answer) {
    const v1::AnalyzeArticleResponse& response = *answer.response;
    const std::vector<v1::Mention> mentions(response.mentions().begin(),
                                            response.mentions().end());
    context_.out.Print(absl::StrCat(
        context_.out.Bold(Printable(response.article_id())), " (",
        Printable(response.language()), ")\n\n",
        MarkedArticle(*answer.input.article, mentions, context_.out), "\n",
        TableText(response, context_.out), "\n"));
  }

  Context& context_;
  const AnalyzeOptions& options_;
  const Connection connection_;
  std::deque<std::future<Answer>> pending_;
  bool rejected_ = false;
};

}  // namespace

void AddAnalyzeCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<AnalyzeOptions>();
  CLI::App* command = AddCommand(app, "analyze", kDescription, kExamples);
  options->input.Register(*command);
  command->get_option("input")->required();
  command->add_flag("--mentions-only", options->mentions_only,
                    "Do not ask the archive and the rules what would be new");
  command->callback([options, &context] {
    context.run = [options, &context] {
      return Analyze(context, *options).Run();
    };
  });
}

}  // namespace tocsin::cli
