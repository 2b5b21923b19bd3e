#include "cli/rule_test_file.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "cli/alert_text.h"
#include "cli/article_file.h"
#include "cli/config_file.h"
#include "cli/resource_name.h"
#include "cli/rule_file.h"
#include "cli/status.h"
#include "cli/time_text.h"

namespace tocsin::cli {
namespace {

// When the first article comes in, and how long after it the next, if the test
// does not say.
const absl::Time kFirst =
    absl::FromCivil(absl::CivilHour(2026, 1, 1, 12), absl::UTCTimeZone());
constexpr absl::Duration kBetween = absl::Minutes(1);

// yaml-cpp throws; ParseRuleTestFile catches.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), file_(path_) {}

  absl::StatusOr<RuleTestFile> File(const YAML::Node& root) const {
    RuleTestFile file;
    file.path = path_;
    CLI_RETURN_IF_ERROR(ForEachKey(
        root, "a file of rule tests",
        {{"rule_files",
          [&](const YAML::Node& node) { return RuleFiles(node, file); }},
         {"rules",
          [&](const YAML::Node& list) -> absl::Status {
            if (!list.IsSequence()) return At(list, "`rules` must be a list");
            for (const YAML::Node& one : list) {
              CLI_ASSIGN_OR_RETURN(file.rules.emplace_back(),
                                   RuleFromYaml(path_, one));
            }
            return absl::OkStatus();
          }},
         {"tests", [&](const YAML::Node& node) -> absl::Status {
            if (!node.IsSequence()) return At(node, "`tests` must be a list");
            for (const YAML::Node& one : node) {
              CLI_ASSIGN_OR_RETURN(RuleTest test, Test(one));
              file.tests.push_back(std::move(test));
            }
            return absl::OkStatus();
          }}}));
    if (file.tests.empty()) return At(root, "there is no test in it");
    return file;
  }

 private:
  using Keys =
      std::map<std::string, std::function<absl::Status(const YAML::Node&)>>;

  // Reads a map strictly: a key that is not known, or given twice, is an error.
  absl::Status ForEachKey(const YAML::Node& map, absl::string_view what,
                          const Keys& keys) const {
    CLI_RETURN_IF_ERROR(file_.CheckMap(map, absl::StrCat(what, " is a map")));
    for (const auto& entry : map) {
      const std::string key = entry.first.Scalar();
      const auto known = keys.find(key);
      if (known == keys.end()) {
        return At(
            entry.first,
            absl::StrCat(
                what, " has no key '", key, "'; its keys are ",
                absl::StrJoin(keys, ", ", [](std::string* out, const auto& k) {
                  out->append(k.first);
                })));
      }
      CLI_RETURN_IF_ERROR(known->second(entry.second));
    }
    return absl::OkStatus();
  }

  absl::Status Text(const YAML::Node& node, std::string* out) const {
    if (!node.IsScalar()) return At(node, "expected a single value");
    *out = node.Scalar();
    return absl::OkStatus();
  }
  // Of a scalar or a list of them.
  absl::Status Texts(const YAML::Node& node,
                     std::vector<std::string>* out) const {
    if (node.IsScalar()) {
      out->push_back(node.Scalar());
      return absl::OkStatus();
    }
    if (!node.IsSequence()) return At(node, "expected a list");
    for (const YAML::Node& one : node) {
      CLI_RETURN_IF_ERROR(Text(one, &out->emplace_back()));
    }
    return absl::OkStatus();
  }

  absl::Status RuleFiles(const YAML::Node& node, RuleTestFile& file) const {
    std::vector<std::string> names;
    CLI_RETURN_IF_ERROR(Texts(node, &names));
    for (const std::string& name : names) {
      CLI_ASSIGN_OR_RETURN(
          const std::vector<v1::Rule> rules,
          ReadRuleFile(
              (std::filesystem::path(path_).parent_path() / name).string()));
      file.rules.insert(file.rules.end(), rules.begin(), rules.end());
    }
    return absl::OkStatus();
  }

  absl::StatusOr<RuleTest> Test(const YAML::Node& node) const {
    RuleTest test;
    test.line = node.Mark().line + 1;
    std::optional<absl::Time> time;  // Of the article before.
    CLI_RETURN_IF_ERROR(ForEachKey(
        node, "a test",
        {{"name", [&](const YAML::Node& n) { return Text(n, &test.name); }},
         {"only", [&](const YAML::Node& n) { return Texts(n, &test.only); }},
         {"articles",
          [&](const YAML::Node& list) -> absl::Status {
            if (!list.IsSequence()) return At(list, "expected a list");
            for (const YAML::Node& one : list) {
              CLI_ASSIGN_OR_RETURN(v1::RehearsedArticle article,
                                   Article(one, time));
              test.articles.push_back(std::move(article));
            }
            return absl::OkStatus();
          }},
         {"alerts", [&](const YAML::Node& list) -> absl::Status {
            if (list.IsNull()) return absl::OkStatus();
            if (!list.IsSequence()) return At(list, "expected a list");
            for (const YAML::Node& one : list) {
              CLI_ASSIGN_OR_RETURN(ExpectedAlert alert, Alert(one));
              test.alerts.push_back(std::move(alert));
            }
            return absl::OkStatus();
          }}}));
    if (test.articles.empty()) return At(node, "the test has no `articles`");
    if (!node["alerts"].IsDefined()) {
      return At(node,
                "the test does not say which `alerts` it expects; for "
                "none, write `alerts: []`");
    }
    return test;
  }

  // `last`: when the article before came in; becomes when this one does.
  absl::StatusOr<v1::RehearsedArticle> Article(
      const YAML::Node& node, std::optional<absl::Time>& last) const {
    v1::RehearsedArticle rehearsed;
    v1::Article& article = *rehearsed.mutable_article();
    absl::Time time = last.has_value() ? *last + kBetween : kFirst;
    const auto text = [this](std::string* out) {
      return [this, out](const YAML::Node& n) { return Text(n, out); };
    };
    const auto time_of = [this](const YAML::Node& n) { return TimeOf(n); };
    CLI_RETURN_IF_ERROR(ForEachKey(
        node, "an article",
        {{"id", text(article.mutable_id())},
         {"source", text(article.mutable_source())},
         {"uri", text(article.mutable_uri())},
         {"language", text(article.mutable_language())},
         {"headline", text(article.mutable_headline())},
         {"byline", text(article.mutable_byline())},
         {"text", text(article.mutable_body())},
         {"urgency",
          [&](const YAML::Node& n) -> absl::Status {
            int32_t urgency = 0;
            if (!n.IsScalar() || !absl::SimpleAtoi(n.Scalar(), &urgency)) {
              return At(n, "urgency: expected a number");
            }
            article.set_urgency(urgency);
            return absl::OkStatus();
          }},
         {"suppress_alerts",
          [&](const YAML::Node& n) -> absl::Status {
            bool suppress = false;
            if (!n.IsScalar() || !absl::SimpleAtob(n.Scalar(), &suppress)) {
              return At(n, "suppress_alerts: expected true or false");
            }
            rehearsed.set_suppress_alerts(suppress);
            return absl::OkStatus();
          }},
         {"embargo_until",
          [&](const YAML::Node& n) -> absl::Status {
            CLI_ASSIGN_OR_RETURN(const absl::Time until, time_of(n));
            *article.mutable_embargo_until() = ToTimestamp(until);
            return absl::OkStatus();
          }},
         {"time",
          [&](const YAML::Node& n) -> absl::Status {
            CLI_ASSIGN_OR_RETURN(time, time_of(n));
            return absl::OkStatus();
          }},
         {"after", [&](const YAML::Node& n) -> absl::Status {
            const absl::StatusOr<absl::Duration> after =
                ParseDuration(n.IsScalar() ? n.Scalar() : "");
            if (!after.ok()) {
              return At(n, absl::StrCat("after: ", after.status().message()));
            }
            time = last.value_or(kFirst) + *after;
            return absl::OkStatus();
          }}}));
    if (article.id().empty()) return At(node, "the article has no `id`");
    if (last.has_value() && time < *last) {
      return At(node, "the article comes before the one before it");
    }
    last = time;
    *article.mutable_published_at() = ToTimestamp(time);
    *rehearsed.mutable_receive_time() = ToTimestamp(time);
    return rehearsed;
  }

  absl::StatusOr<absl::Time> TimeOf(const YAML::Node& node) const {
    // The same wherever and whenever the test runs: UTC, and a date.
    if (!node.IsScalar() || node.Scalar().find('-') == std::string::npos) {
      return At(node, "expected a time such as 2026-11-21T08:00:00Z");
    }
    const absl::StatusOr<absl::Time> time =
        ParseTime(node.Scalar(), kFirst, absl::UTCTimeZone());
    if (!time.ok()) return At(node, time.status().message());
    return time;
  }

  absl::StatusOr<ExpectedAlert> Alert(const YAML::Node& node) const {
    ExpectedAlert alert;
    alert.line = node.Mark().line + 1;
    const auto text = [this](std::string* out) {
      return [this, out](const YAML::Node& n) { return Text(n, out); };
    };
    CLI_RETURN_IF_ERROR(ForEachKey(node, "an alert",
                                   {{"rule", text(&alert.rule)},
                                    {"article", text(&alert.article)},
                                    {"subject", text(&alert.subject)},
                                    {"anchor", text(&alert.anchor)},
                                    {"headline", text(&alert.headline)},
                                    {"passage", text(&alert.passage)}}));
    if (alert.rule.empty()) return At(node, "the alert has no `rule`");
    alert.rule = ShortRuleName(alert.rule);
    return alert;
  }

  absl::Status At(const YAML::Node& node, absl::string_view what) const {
    return file_.At(node, what);
  }

  const std::string& path_;
  const YamlFile file_;
};

bool Fulfils(const v1::Alert& alert, const ExpectedAlert& expected) {
  const auto is = [](const std::string& wanted, auto... found) {
    return wanted.empty() || ((wanted == found) || ...);
  };
  const v1::Mention& mention = alert.mention();
  return is(expected.rule, ShortRuleName(alert.rule())) &&
         (expected.article.empty() ||
          alert.article() == ArticleName(expected.article) ||
          absl::EndsWith(
              alert.article(),
              absl::StrCat("/articles/", PercentEncode(expected.article)))) &&
         (expected.subject.empty() ||
          (alert.has_mention() &&
           is(expected.subject, MentionText(mention), mention.surface(),
              mention.entity().name()))) &&
         is(expected.anchor, alert.anchor().display_name()) &&
         is(expected.headline, alert.alert_headline().empty()
                                   ? alert.headline()
                                   : alert.alert_headline()) &&
         absl::StrContains(alert.passage().text(), expected.passage);
}

}  // namespace

absl::StatusOr<RuleTestFile> ParseRuleTestFile(const std::string& path,
                                               const std::string& text) {
  if (absl::Status status = CheckUtf8(text); !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", status.message()));
  }
  RuleTestFile file;
  try {
    CLI_ASSIGN_OR_RETURN(file, Reader(path).File(YAML::Load(text)));
  } catch (const YAML::Exception& e) {
    return YamlFile(path).At(e.mark, e.msg);
  }
  for (const RuleTest& test : file.tests) {
    std::vector<std::string> named = test.only;
    for (const ExpectedAlert& alert : test.alerts) named.push_back(alert.rule);
    for (const std::string& name : named) {
      if (std::none_of(file.rules.begin(), file.rules.end(),
                       [&](const v1::Rule& rule) {
                         return ShortRuleName(rule.name()) == name;
                       })) {
        return absl::InvalidArgumentError(
            absl::StrCat(path, ":", test.line, ": there is no rule '", name,
                         "' in the file or its rule_files"));
      }
    }
  }
  return file;
}

absl::StatusOr<std::vector<RuleTestFile>> ReadRuleTestFiles(
    const std::string& path) {
  std::vector<RuleTestFile> files;
  CLI_ASSIGN_OR_RETURN(const std::vector<ConfigFile> read,
                       ReadConfigFiles(path));
  for (const ConfigFile& file : read) {
    CLI_ASSIGN_OR_RETURN(files.emplace_back(),
                         ParseRuleTestFile(file.name, file.text));
  }
  return files;
}

RuleTestResult Judge(const RuleTest& test,
                     const std::vector<v1::Alert>& alerts) {
  std::vector<const v1::Alert*> left;
  for (const v1::Alert& alert : alerts) {
    if (test.only.empty() ||
        std::find(test.only.begin(), test.only.end(),
                  ShortRuleName(alert.rule())) != test.only.end()) {
      left.push_back(&alert);
    }
  }
  RuleTestResult result;
  for (const ExpectedAlert& expected : test.alerts) {
    const auto found = std::find_if(
        left.begin(), left.end(),
        [&](const v1::Alert* alert) { return Fulfils(*alert, expected); });
    if (found == left.end()) {
      result.missing.push_back(expected);
    } else {
      left.erase(found);
    }
  }
  for (const v1::Alert* alert : left) result.unexpected.push_back(*alert);
  return result;
}

}  // namespace tocsin::cli
