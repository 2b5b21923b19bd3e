// tocsin explain
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/alert_text.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/resource_name.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "tocsin/v1/rule_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "Says why an article rang, or did not, condition by condition\n"
    "\n"
    "With --rule: that rule, for everything in the article that it is about. "
    "Without: all rules (up to 50), each for what it matches, else for what "
    "comes closest.";

constexpr char kExamples[] =
    "  tocsin explain --article ew/001\n"
    "  tocsin explain --article ew/001 --rule big-money\n"
    "  tocsin explain --article ew/001 --revision 1 --json\n";

using Subject = v1::ExplainedSubject;

struct ExplainOptions {
  std::string article;
  std::string rule;
  int32_t revision = 0;
};

std::string OutcomeText(const v1::Rule& rule, const Subject& subject,
                        const Terminal& out) {
  const std::string alert = absl::StrCat("alert ", subject.sequence());
  switch (subject.outcome()) {
    case Subject::RANG:
      return out.Bold(absl::StrCat("rang, ", alert));
    case Subject::NO_MATCH:
      return "does not match";
    case Subject::REPEAT:
      return absl::StrCat("matches; silent, for it rang for the same before (",
                          alert, ")");
    case Subject::WAITING: {
      std::vector<std::string> articles;
      for (const std::string& name : subject.waiting_articles()) {
        articles.push_back(Printable(ShortArticleName(name)));
      }
      return absl::StrCat("matches; waits for ", rule.min_sources(),
                          " sources within ",
                          DurationText(ToDuration(rule.min_sources_within())),
                          ", so far ", absl::StrJoin(articles, ", "));
    }
    case Subject::MUTED:
      return absl::StrCat("matches; the rule was muted until ",
                          TimeText(rule.mute_until()));
    case Subject::DISABLED:
      return "matches; the rule is disabled";
    case Subject::SUPPRESSED:
      return "matches; the article was ingested with --suppress-alerts";
    case Subject::COPY:
      return absl::StrCat("matches; silent, for its original rang (", alert,
                          ")");
    case Subject::NOT_THEN:
      return "matches now; then the rule was another, not there, or silent "
             "about the same";
    default:
      return "";
  }
}

// The tests of a filter, one a line, those of a group further in.
void AddConditions(const v1::ExplainedCondition& part, int depth,
                   std::vector<std::pair<std::string, std::string>>& lines) {
  const std::string label =
      absl::StrCat(std::string(static_cast<size_t>(2 * depth), ' '),
                   part.holds() ? "yes  " : "no   ");
  switch (part.kind()) {
    case v1::ExplainedCondition::ALL:
    case v1::ExplainedCondition::ANY:
      // The outermost AND is how people think of a filter: no line of its own.
      if (depth > 0 || part.kind() == v1::ExplainedCondition::ANY) {
        lines.emplace_back(
            absl::StrCat(label, part.kind() == v1::ExplainedCondition::ANY
                                    ? "one of:"
                                    : "all of:"),
            "");
        ++depth;
      }
      break;
    case v1::ExplainedCondition::NOT:
      if (part.conditions_size() == 1 &&
          part.conditions(0).kind() == v1::ExplainedCondition::TEST) {
        lines.emplace_back(
            absl::StrCat(label, "NOT ", Printable(part.conditions(0).text())),
            Printable(part.conditions(0).actual()));
        return;
      }
      lines.emplace_back(absl::StrCat(label, "not:"), "");
      ++depth;
      break;
    default:
      lines.emplace_back(absl::StrCat(label, Printable(part.text())),
                         Printable(part.actual()));
      return;
  }
  for (const v1::ExplainedCondition& child : part.conditions()) {
    AddConditions(child, depth, lines);
  }
}

std::string ConditionsText(const v1::ExplainedCondition& filter,
                           const Terminal& out) {
  std::vector<std::pair<std::string, std::string>> lines;
  AddConditions(filter, 0, lines);
  constexpr int kMaxColumn = 48;
  int column = 0;
  for (const auto& [condition, actual] : lines) {
    const int width = DisplayWidth(condition);
    if (width <= kMaxColumn) column = std::max(column, width);
  }
  std::string text;
  for (const auto& [condition, actual] : lines) {
    std::string line = absl::StrCat("    ", PadRight(condition, column));
    if (!actual.empty()) absl::StrAppend(&line, "  ", actual);
    if (out.width() > 0) line = Truncate(line, out.width());
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

std::string SubjectText(const v1::ExplainedRule& rule, const Subject& subject,
                        const Terminal& out) {
  std::string what = "the article";
  if (subject.has_mention()) {
    what = MentionText(subject.mention());
    if (subject.has_anchor()) {
      absl::StrAppend(&what, " for ",
                      Printable(subject.anchor().display_name()));
    }
  }
  return absl::StrCat("  ", what, ": ", OutcomeText(rule.rule(), subject, out),
                      "\n", ConditionsText(subject.filter(), out));
}

std::string RuleText(const v1::ExplainedRule& rule, const Terminal& out) {
  std::string text =
      absl::StrCat("\n", out.Bold(Printable(ShortRuleName(rule.rule().name()))),
                   "  ", out.Dim(Printable(rule.rule().filter())), "\n");
  for (const Subject& subject : rule.subjects()) {
    absl::StrAppend(&text, SubjectText(rule, subject, out));
  }
  if (rule.subjects().empty()) {
    absl::StrAppend(&text,
                    "  the article has nothing that the rule is about\n");
  }
  return text;
}

std::string ExplanationText(const v1::ExplainArticleResponse& response,
                            const Terminal& out) {
  std::string text =
      absl::StrCat(out.Bold(Printable(ShortArticleName(response.article()))),
                   " (", Printable(response.language()), ")  revision ",
                   response.revision(), "  ", TimeText(response.event_time()),
                   "  ", Printable(response.headline()), "\n");
  if (response.suppress_alerts()) {
    absl::StrAppend(&text,
                    "ingested with --suppress-alerts: it rang nothing\n");
  }
  if (!response.near_copy_of().empty()) {
    absl::StrAppend(&text, "a near-copy of ",
                    Printable(ShortArticleName(response.near_copy_of())), "\n");
  }
  if (response.covered_size() > 0) {
    std::vector<std::string> names;
    for (const v1::Mention& mention : response.covered()) {
      names.push_back(MentionText(mention));
    }
    absl::StrAppend(&text, "not asked about, for ",
                    response.near_copy_of().empty()
                        ? "an earlier revision"
                        : "the original or an earlier revision",
                    " has it: ", absl::StrJoin(names, ", "), "\n");
  }
  for (const v1::ExplainedRule& rule : response.rules()) {
    absl::StrAppend(&text, RuleText(rule, out));
  }
  if (response.other_rule_count() > 0) {
    absl::StrAppend(
        &text, "\n",
        Counted(response.other_rule_count(), "other rule", "other rules"),
        " not shown; --rule NAME explains one of them\n");
  }
  return text;
}

absl::StatusOr<int> Run(Context& context, const ExplainOptions& options) {
  v1::ExplainArticleRequest request;
  request.set_name(ArticleName(options.article));
  request.set_revision(options.revision);
  if (!options.rule.empty()) request.set_rule(RuleName(options.rule));
  CLI_ASSIGN_OR_RETURN(
      const v1::ExplainArticleResponse response,
      context.Connect().Call(&v1::RuleService::Stub::ExplainArticle, request));
  context.out.Print(context.json ? ToJson(response) + "\n"
                                 : ExplanationText(response, context.out));
  return kOk;
}

}  // namespace

void AddExplainCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = AddCommand(app, "explain", kDescription, kExamples);
  command
      ->add_option("--article", options->article,
                   "ID, SOURCE/ID or the resource name")
      ->type_name("ARTICLE")
      ->required();
  command->add_option("--rule", options->rule, "Only this rule, in full")
      ->type_name("NAME");
  command
      ->add_option("--revision", options->revision,
                   "Another revision than the current one")
      ->type_name("N")
      ->check(AtLeast(1));
  command->callback([options, &context] {
    context.run = [options, &context] { return Run(context, *options); };
  });
}

}  // namespace tocsin::cli
