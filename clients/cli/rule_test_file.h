// Unit tests of rules, as files hold them.
//
//   rule_files: [desk.yaml]          # beside this file
//   rules: [{name: …, filter: …}]    # or here
//   tests:
//     - name: a sum of a billion rings, once
//       only: [big-money]            # other rules' alerts do not count
//       articles:                    # come in one after the other
//         - id: a
//           source: wire
//           language: en
//           headline: …
//           text: Acme raised 2 billion dollars.
//         - {id: b, after: 2h, text: …}
//       alerts:                      # all that ring
//         - {rule: big-money, article: a, subject: "USD 2,000,000,000"}
#ifndef TOCSIN_CLI_RULE_TEST_FILE_H_
#define TOCSIN_CLI_RULE_TEST_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tocsin/v1/alert.pb.h"
#include "tocsin/v1/rule_service.pb.h"

namespace tocsin::cli {

// What is empty may be anything.
struct ExpectedAlert {
  int line = 0;
  std::string rule = {};     // Without `rules/`.
  std::string article = {};  // Its id, or `source/id`.
  std::string subject =
      {};  // As `tocsin watch` shows it, or as the text has it.
  std::string anchor = {};    // Display name of what an amount is about.
  std::string headline = {};  // Of the alert, else of the article.
  std::string passage = {};   // Some words of it.
};

struct RuleTest {
  std::string name;
  int line = 0;
  std::vector<std::string> only;
  std::vector<v1::RehearsedArticle> articles;
  std::vector<ExpectedAlert> alerts;
};

struct RuleTestFile {
  std::string path;
  std::vector<v1::Rule> rules;
  std::vector<RuleTest> tests;
};

// A file, or all of a folder. INVALID_ARGUMENT names file and line, those of
// rule files too.
absl::StatusOr<std::vector<RuleTestFile>> ReadRuleTestFiles(
    const std::string& path);
// `path` is for errors, and where rule files are looked for.
absl::StatusOr<RuleTestFile> ParseRuleTestFile(const std::string& path,
                                               const std::string& text);

// How what rang differs from what was to ring.
struct RuleTestResult {
  std::vector<ExpectedAlert> missing;
  std::vector<v1::Alert> unexpected;

  bool passed() const { return missing.empty() && unexpected.empty(); }
};

// Each alert fulfils at most one expectation, whatever their order.
RuleTestResult Judge(const RuleTest& test,
                     const std::vector<v1::Alert>& alerts);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_RULE_TEST_FILE_H_
