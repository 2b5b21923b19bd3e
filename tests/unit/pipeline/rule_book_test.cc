#include "pipeline/rule_book.h"

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RuleBookTest : public testing::Test {
 protected:
  RuleBookTest() { Open(); }

  void Open() {
    auto book = RuleBook::Create(room_.store(), path_);
    ASSERT_TRUE(book.ok()) << book.status();
    book_ = *std::move(book);
    const absl::Status attached = book_->Attach(room_.sequencer());
    ASSERT_TRUE(attached.ok()) << attached;
  }
  void Restart() {
    book_.reset();
    room_.Reopen();
    Open();
  }
  void WriteFile(absl::string_view rules) const {
    std::ofstream(directory_ / "rules.yaml") << "rules:\n" << rules;
  }

  // "set/name@revision" of every rule.
  std::vector<std::string> Held() const {
    std::vector<std::string> held;
    for (const Rule& rule : book_->List("", 1000))
      held.push_back(
          absl::StrCat(rule.rule_set, "/", rule.name, "@", rule.revision));
    return held;
  }

  const TempDirectory directory_;
  std::string path_;
  Newsroom room_;
  std::unique_ptr<RuleBook> book_;
};

TEST_F(RuleBookTest, AddsChangesAndDeletesRules) {
  ASSERT_TRUE(book_->Add(RuleOf("b", "new(entity)")).ok());
  ASSERT_TRUE(book_->Add(RuleOf("a", "new(amount)")).ok());
  EXPECT_THAT(Held(), ElementsAre("default/a@1", "default/b@1"));
  EXPECT_EQ(book_->Add(RuleOf("a", "new(entity)")).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(
      std::string(book_->Add(RuleOf("c", "new(enity)")).status().message()),
      HasSubstr("filter: line 1, column 5"));

  const auto urgent = [](Rule& rule) {
    rule.urgency = 1;
    return absl::OkStatus();
  };
  const std::string etag = RuleEtag(*book_->Get("a"));
  const auto updated = book_->Update("a", etag, urgent);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->urgency, 1);
  EXPECT_EQ(updated->revision, 2);
  EXPECT_NE(RuleEtag(*updated), etag);
  // A stale etag, and a change that changes nothing.
  EXPECT_EQ(book_->Update("a", etag, urgent).status().code(),
            absl::StatusCode::kAborted);
  EXPECT_EQ(book_->Update("a", "", urgent)->revision, 2);
  EXPECT_EQ(book_->Update("none", "", urgent).status().code(),
            absl::StatusCode::kNotFound);

  EXPECT_EQ(book_->Delete("a", etag).code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(book_->Delete("a", "").ok());
  EXPECT_THAT(Held(), ElementsAre("default/b@1"));
}

TEST_F(RuleBookTest, ChangesHoldForArticlesCommittedAfterThemAndOverARestart) {
  room_.Ingest(ArticleBuilder("1").Names("openai"));
  EXPECT_THAT(room_.NewlyRung(), IsEmpty());
  ASSERT_TRUE(book_->Add(RuleOf("new", "new(entity)")).ok());
  room_.Ingest(ArticleBuilder("2").Names("openai").Names("xai"));
  EXPECT_THAT(room_.NewlyRung(), ElementsAre("new: xai"));
  Restart();
  EXPECT_THAT(Held(), ElementsAre("default/new@1"));
  EXPECT_EQ(book_->compiled()->rules().size(), 1u);
}

TEST_F(RuleBookTest, AppliesAWholeSetOrNothing) {
  ASSERT_TRUE(book_->Add(RuleOf("mine", "new(entity)")).ok());
  auto changes =
      book_->Apply("desk",
                   {RuleOf("c", "new(amount)"), RuleOf("a", "new(entity)"),
                    RuleOf("b", "entity.listed")},
                   false);
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_THAT(changes->created, ElementsAre("a", "b", "c"));
  EXPECT_THAT(Held(), ElementsAre("desk/a@1", "desk/b@1", "desk/c@1",
                                  "default/mine@1"));

  const std::vector<Rule> next = {RuleOf("a", "new(entity, 30d)"),
                                  RuleOf("b", "entity.listed"),
                                  RuleOf("d", "new(amount)")};
  for (const bool validate_only : {true, false}) {
    changes = book_->Apply("desk", next, validate_only);
    ASSERT_TRUE(changes.ok());
    EXPECT_THAT(changes->created, ElementsAre("d"));
    EXPECT_THAT(changes->updated, ElementsAre("a"));
    EXPECT_THAT(changes->deleted, ElementsAre("c"));
    EXPECT_EQ(changes->unchanged_count, 1u);
  }
  const std::vector<std::string> after = {"desk/a@2", "desk/b@1", "desk/d@1",
                                          "default/mine@1"};
  EXPECT_EQ(Held(), after);
  EXPECT_FALSE(book_->Apply("desk", next, false)->any());

  const struct {
    std::string set;
    std::vector<Rule> rules;
    absl::string_view message;
  } kBad[] = {
      {"desk",
       {RuleOf("a", "new(entity)"), RuleOf("x", "new(")},
       "rule `x`: filter: line 1, column 5"},
      {"desk",
       {RuleOf("a", "new(entity)"), RuleOf("a", "new(amount)")},
       "two rules of this name"},
      {"desk",
       {RuleOf("mine", "new(entity)")},
       "the rule set `default` has a rule of this name"},
      {"file", {}, "`file` is the set of the files"},
      {"Not a name", {}, "rule_set: "},
  };
  for (const auto& bad : kBad) {
    const auto refused = book_->Apply(bad.set, bad.rules, false);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr(std::string(bad.message)));
  }
  EXPECT_EQ(Held(), after);
  Restart();
  EXPECT_EQ(Held(), after);
  EXPECT_TRUE(book_->Apply("desk", {}, false).ok());
  EXPECT_THAT(Held(), ElementsAre("default/mine@1"));
}

TEST_F(RuleBookTest, FilesAreASetOfTheirOwnThatReloads) {
  path_ = directory_ / "rules.yaml";
  WriteFile(
      "  - {name: a, filter: new(entity)}\n  - {name: b, filter: "
      "new(amount)}\n");
  Restart();
  EXPECT_THAT(Held(), ElementsAre("file/a@1", "file/b@1"));
  EXPECT_EQ(book_->Delete("a", "").code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(book_->Add(RuleOf("a", "new(amount)")).status().code(),
            absl::StatusCode::kAlreadyExists);

  WriteFile("  - {name: a, filter: \"new(entity, 9d)\"}\n");
  const auto changes = book_->Reload();
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_THAT(changes->updated, ElementsAre("a"));
  EXPECT_THAT(changes->deleted, ElementsAre("b"));
  EXPECT_THAT(Held(), ElementsAre("file/a@2"));

  // A broken file leaves the old set at work, and stops a start.
  WriteFile("  - {name: a, filter: new(}\n");
  const auto broken = book_->Reload();
  EXPECT_THAT(std::string(broken.status().message()),
              HasSubstr("rules.yaml:2:5: rule `a`: filter: line 1, column 5"));
  EXPECT_THAT(Held(), ElementsAre("file/a@2"));
  room_.Ingest(ArticleBuilder("1").Names("openai"));
  EXPECT_THAT(room_.NewlyRung(), ElementsAre("a: openai"));
  EXPECT_FALSE(RuleBook::Create(room_.store(), path_).ok());

  // Unchanged files keep their revisions over a restart; none is an empty set.
  WriteFile("  - {name: a, filter: \"new(entity, 9d)\"}\n");
  Restart();
  EXPECT_THAT(Held(), ElementsAre("file/a@2"));
  path_.clear();
  Restart();
  EXPECT_THAT(Held(), IsEmpty());
  Restart();
  EXPECT_THAT(Held(), IsEmpty());
}

// Enough rules that they are staged in pieces.
std::vector<Rule> ManyRules(int first, int last, absl::string_view filter) {
  std::vector<Rule> rules;
  for (int i = first; i < last; ++i)
    rules.push_back(RuleOf(absl::StrFormat("r%05d", i), std::string(filter)));
  return rules;
}

TEST_F(RuleBookTest, ALargeSetIsStagedAndSwitchedTo) {
  ASSERT_TRUE(book_->Add(RuleOf("mine", "new(entity)")).ok());
  const auto count_rows = [&] {
    int rows = 0;
    EXPECT_TRUE(room_.store()
                    .Scan(Family::kRules, "", "", /*reverse=*/false,
                          [&](absl::string_view, absl::string_view) {
                            ++rows;
                            return true;
                          })
                    .ok());
    return rows;
  };
  for (const char* filter : {"new(entity)", "new(amount)"}) {
    const auto changes =
        book_->Apply("desk", ManyRules(0, 2345, filter), false);
    ASSERT_TRUE(changes.ok()) << changes.status();
    EXPECT_EQ(changes->created.size() + changes->updated.size(), 2345u);
    EXPECT_EQ(count_rows(), 2346);  // None of the generation before.
    Restart();
    EXPECT_EQ(book_->compiled()->rules().size(), 2346u);
    EXPECT_EQ(book_->Get("r00042")->filter, filter);
  }
  // A small change of a large set, then a large one that leaves little.
  auto changes = book_->Apply("desk", ManyRules(0, 2344, "new(amount)"), false);
  EXPECT_THAT(changes->deleted, ElementsAre("r02344"));
  EXPECT_EQ(book_->Get("r00042")->revision, 2);
  Restart();
  changes = book_->Apply("desk", ManyRules(0, 2, "new(amount)"), false);
  EXPECT_EQ(changes->unchanged_count, 2u);
  Restart();
  EXPECT_THAT(Held(),
              ElementsAre("default/mine@1", "desk/r00000@2", "desk/r00001@2"));
  EXPECT_EQ(count_rows(), 3);
}

TEST_F(RuleBookTest, WhatACrashLeftStagedIsDroppedAtTheNextStart) {
  ASSERT_TRUE(
      book_->Apply("desk", ManyRules(0, 600, "new(entity)"), false).ok());
  room_.Apply(StageRulesCommand{
      "desk",
      2,
      {std::make_shared<const Rule>(RuleOf("left-over", "new(amount)"))}});
  EXPECT_EQ(room_.snapshot().LoadRules()->leftovers.size(), 1u);
  Restart();
  room_.Tick(Hour(1));
  EXPECT_THAT(room_.snapshot().LoadRules()->leftovers, IsEmpty());
  EXPECT_EQ(book_->compiled()->rules().size(), 600u);
  // And its generation is not used again.
  ASSERT_TRUE(
      book_->Apply("desk", ManyRules(0, 700, "new(amount)"), false).ok());
  EXPECT_EQ(room_.snapshot().LoadRules()->generations.at("desk"), 3u);
}

TEST_F(RuleBookTest, ListsInPages) {
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(book_->Add(RuleOf(absl::StrCat("r", i), "new(entity)")).ok());
  const std::vector<Rule> page = book_->List("r1", 2);
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].name, "r2");
  EXPECT_EQ(page[1].name, "r3");
  EXPECT_TRUE(book_->List("r4", 2).empty());
}

}  // namespace
}  // namespace tocsin
