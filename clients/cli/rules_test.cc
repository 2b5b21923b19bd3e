// tocsin rules test
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/alert_text.h"
#include "cli/json.h"
#include "cli/private_daemon.h"
#include "cli/resource_name.h"
#include "cli/rule_test_file.h"
#include "cli/rules_commands.h"
#include "cli/status.h"
#include "cli/text.h"
#include "nlohmann/json.hpp"
#include "tocsin/v1/rule_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "Runs unit tests of rules: articles in order, and the alerts they should "
    "ring\n"
    "\n"
    "Needs no archive: each test has an empty one of its own, and nothing is "
    "stored. Asks the daemon; without --server and with no daemon running, or "
    "with --private, it starts one for the test. Ends with 1 if a test fails.";

constexpr char kExamples[] =
    "  tocsin rules test desk_test.yaml\n"
    "  tocsin rules test --private tests/\n"
    "\n"
    "A test file:\n"
    "  rule_files: [desk.yaml]\n"
    "  tests:\n"
    "    - name: a sum of a billion rings, once\n"
    "      only: [big-money]\n"
    "      articles:\n"
    "        - {id: a, language: en, text: Acme raised 2 billion dollars.}\n"
    "        - {id: b, after: 2h, text: Acme has its 2 billion dollars.}\n"
    "      alerts:\n"
    "        - {rule: big-money, article: a, subject: \"USD 2,000,000,000\"}\n"
    "\n"
    "An article has id, source, language, headline, text, urgency, byline, "
    "uri,\n"
    "time or after, embargo_until and suppress_alerts; an alert rule, "
    "article,\n"
    "subject, anchor, headline and passage, of which only rule is needed.\n";

struct TestOptions {
  std::vector<std::string> files;
  bool private_daemon = false;
};

std::string Described(const ExpectedAlert& alert) {
  std::string text = Printable(alert.rule);
  const auto add = [&](absl::string_view label, const std::string& value) {
    if (!value.empty()) {
      absl::StrAppend(&text, "  ", label, " ", Printable(value));
    }
  };
  add("article", alert.article);
  add("subject", alert.subject);
  add("anchor", alert.anchor);
  add("headline", alert.headline);
  add("passage", alert.passage);
  return text;
}

// In the words of a test file, so that it can be copied there.
ExpectedAlert AsExpected(const v1::Alert& alert) {
  ExpectedAlert expected;
  expected.rule = ShortRuleName(alert.rule());
  expected.article = ShortArticleName(alert.article());
  if (alert.has_mention()) expected.subject = MentionText(alert.mention());
  expected.anchor = alert.anchor().display_name();
  expected.headline = alert.alert_headline();
  expected.passage = alert.passage().text();
  return expected;
}

nlohmann::json ToJsonObject(const ExpectedAlert& alert) {
  nlohmann::json json = {{"rule", alert.rule}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("article", alert.article);
  add("subject", alert.subject);
  add("anchor", alert.anchor);
  add("headline", alert.headline);
  add("passage", alert.passage);
  return json;
}

class RunTests {
 public:
  RunTests(Context& context, const TestOptions& options)
      : context_(context), options_(options), connection_(context.Connect()) {}

  absl::StatusOr<int> Run() {
    std::vector<RuleTestFile> files;
    for (const std::string& path : options_.files) {
      CLI_ASSIGN_OR_RETURN(std::vector<RuleTestFile> some,
                           ReadRuleTestFiles(path));
      std::move(some.begin(), some.end(), std::back_inserter(files));
    }
    if (options_.private_daemon) CLI_RETURN_IF_ERROR(StartDaemon());
    for (const RuleTestFile& file : files) {
      for (const RuleTest& test : file.tests) {
        CLI_RETURN_IF_ERROR(RunOne(file, test));
      }
    }
    if (!context_.json) {
      context_.out.Print(absl::StrCat(
          Counted(passed_ + failed_, "test", "tests"), ", ",
          failed_ == 0 ? "all passed" : absl::StrCat(failed_, " failed"),
          "\n"));
    }
    return failed_ == 0 ? kOk : kPartial;
  }

 private:
  absl::Status StartDaemon() {
    CLI_ASSIGN_OR_RETURN(daemon_, PrivateDaemon::Start());
    connection_.emplace(Connection::Options{
        .server = daemon_->address(),
        .timeout = absl::Seconds(context_.timeout_seconds)});
    // It listens, but on a busy machine the first call might still find it
    // away.
    connection_->channel()->WaitForConnected(absl::ToChronoTime(
        absl::Now() + absl::Seconds(context_.timeout_seconds)));
    return absl::OkStatus();
  }

  absl::StatusOr<v1::RehearseRulesResponse> Rehearse(
      const v1::RehearseRulesRequest& request, const std::string& filter) {
    auto response = connection_->Call(&v1::RuleService::Stub::RehearseRules,
                                      request, filter);
    if (response.ok() || !absl::IsUnavailable(response.status()) ||
        daemon_ != nullptr || context_.server_given()) {
      return response;
    }
    if (const absl::Status started = StartDaemon(); !started.ok()) {
      return absl::Status(
          response.status().code(),
          absl::StrCat(
              response.status().message(),
              "\nand a private one cannot be started: ", started.message()));
    }
    return connection_->Call(&v1::RuleService::Stub::RehearseRules, request,
                             filter);
  }

  absl::Status RunOne(const RuleTestFile& file, const RuleTest& test) {
    v1::RehearseRulesRequest request;
    request.mutable_rules()->Add(file.rules.begin(), file.rules.end());
    request.mutable_articles()->Add(test.articles.begin(), test.articles.end());
    const absl::StatusOr<v1::RehearseRulesResponse> response =
        Rehearse(request, "");
    const std::string where = absl::StrCat(file.path, ":", test.line);
    if (!response.ok()) {
      return absl::Status(
          response.status().code(),
          absl::StrCat(where, ": ", response.status().message()));
    }
    const RuleTestResult result =
        Judge(test, {response->alerts().begin(), response->alerts().end()});
    ++(result.passed() ? passed_ : failed_);
    if (context_.json) {
      ShowJson(file, test, result);
    } else {
      Show(where, test, result);
    }
    return context_.out.Flush();
  }

  void Show(const std::string& where, const RuleTest& test,
            const RuleTestResult& result) {
    context_.out.Print(
        absl::StrCat(result.passed() ? "ok    " : context_.out.Urgent("FAIL  "),
                     Printable(where), ": ", Printable(test.name), "\n"));
    for (const ExpectedAlert& alert : result.missing) {
      context_.out.Print(
          absl::StrCat("  - did not ring: ", Described(alert), "\n"));
    }
    for (const v1::Alert& alert : result.unexpected) {
      context_.out.Print(absl::StrCat(
          "  + rang:         ", Described(AsExpected(alert)), "\n"));
    }
  }

  void ShowJson(const RuleTestFile& file, const RuleTest& test,
                const RuleTestResult& result) {
    nlohmann::json json = {{"file", file.path},
                           {"line", test.line},
                           {"test", test.name},
                           {"passed", result.passed()},
                           {"missing", nlohmann::json::array()},
                           {"unexpected", nlohmann::json::array()}};
    for (const ExpectedAlert& alert : result.missing) {
      json["missing"].push_back(ToJsonObject(alert));
    }
    for (const v1::Alert& alert : result.unexpected) {
      json["unexpected"].push_back(ToJsonObject(AsExpected(alert)));
    }
    context_.out.Print(json.dump() + "\n");
  }

  Context& context_;
  const TestOptions& options_;
  std::optional<Connection> connection_;
  std::unique_ptr<PrivateDaemon> daemon_;
  int64_t passed_ = 0;
  int64_t failed_ = 0;
};

}  // namespace

void AddRulesTest(CLI::App& rules, Context& context) {
  auto options = std::make_shared<TestOptions>();
  CLI::App* command = AddCommand(rules, "test", kDescription, kExamples);
  command->add_option("file", options->files, "Files of tests, or folders")
      ->required();
  command->add_flag("--private", options->private_daemon,
                    "Start a daemon for the test, whether one is running or "
                    "not");
  command->callback([options, &context] {
    context.run = [options, &context] {
      return RunTests(context, *options).Run();
    };
  });
}

}  // namespace tocsin::cli
