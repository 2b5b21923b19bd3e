#include "cli/rule_diff.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Rule RuleOf(const std::string& text) {
  v1::Rule rule;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rule));
  return rule;
}

std::vector<std::string> Shown(const std::string& before,
                               const std::string& after) {
  std::vector<std::string> shown;
  for (const FieldChange& change : RuleChanges(RuleOf(before), RuleOf(after))) {
    shown.push_back(
        absl::StrCat(change.field, ": ", change.before, " > ", change.after));
  }
  return shown;
}

TEST(RuleDiff, ADefaultIsTheSameAsNothing) {
  EXPECT_THAT(Shown("name: 'rules/a' urgency: 4 rule_set: 'x' revision: 7",
                    "name: 'a' min_sources: 1"),
              IsEmpty());
}

TEST(RuleDiff, ShowsEachFieldAsAPersonWritesIt) {
  EXPECT_THAT(
      Shown("name: 'a' filter: 'x' once_per {seconds: 315576000000}",
            "name: 'a' filter: 'y' urgency: 2 once_per {seconds: 7200} "
            "disabled: true "
            "min_sources: 2 min_sources_within {seconds: 21600} "
            "labels {key: 'desk' value: 'news'} "
            "quiet_hours {time_zone: 'UTC' start_minute: 1320 end_minute: 7}"),
      ElementsAre("filter: x > y", "urgency: 4 > 2", "labels:  > desk: news",
                  "once_per: forever > 2 h 0 min",
                  "min_sources:  > 2 within 6 h 0 min",
                  "quiet_hours:  > 22:00 to 00:07 UTC", "disabled:  > true"));
}

TEST(RuleDiff, ARuleThatIsNewOrGoneIsShownWhole) {
  EXPECT_THAT(Shown("", "name: 'a' filter: 'x'"),
              ElementsAre("filter:  > x", "urgency:  > 4"));
  EXPECT_THAT(Shown("name: 'a' filter: 'x' urgency: 2", ""),
              ElementsAre("filter: x > ", "urgency: 2 > "));
}

}  // namespace
}  // namespace tocsin::cli
