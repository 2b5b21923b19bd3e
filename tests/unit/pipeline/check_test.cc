// A store that the sequencer made is found to be whole, and each thing that can
// be broken in it is found.
#include "storage/check.h"

#include <functional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

CheckReport Check(Newsroom& room) {
  const auto report =
      CheckStore(room.store(), [](absl::string_view, int64_t, int64_t) {});
  EXPECT_TRUE(report.ok()) << report.status();
  return report.value_or(CheckReport());
}

std::string TextOf(const CheckReport& report) {
  std::string text;
  for (const CheckFinding& finding : report.findings) {
    absl::StrAppend(&text, finding.where, ": ", finding.what, "\n");
  }
  return text;
}

// Rows of every kind: revisions, embargoes, merged entities, sums with and
// without anchor, near-copies, marks, pending records, rules, names.
void Fill(Newsroom& room) {
  room.Ingest(ArticleBuilder("1").Names("acme").Sum("5").Names("zeta"));
  room.Ingest(ArticleBuilder("1").Names("acme").Sum("6").Text("more"));
  room.Ingest(ArticleBuilder("2").At(Hour(1)).Sum("77").LinkedTo({}));
  room.Ingest(ArticleBuilder("3").At(Hour(1)).Names("umbrella").Percent("4.5"));
  room.Ingest(
      ArticleBuilder("copy", "3").At(Hour(2)).Names("umbrella").Percent("4.5"));
  room.Ingest(
      ArticleBuilder("4").At(Hour(2)).EmbargoUntil(Hour(50)).Names("later"));
  room.Ingest(
      ArticleBuilder("5").At(Hour(2)).EmbargoUntil(Hour(3)).Names("soon"));
  room.Apply(MergeCommand{"acme", "zeta"});
  room.Tick(Hour(4));
  const auto set = RuleSetOf({RuleOf("kept", "new(entity)")});
  room.Apply(RuleSetCommand{"mine", 0, {set->rules()[0]}, {}, set});
  NameRecord name;
  name.set_id("acme");
  room.Apply(NamesCommand{{name}});
}

Newsroom::Options Rules() {
  Newsroom::Options options;
  options.rules = {RuleOf("new", "new(entity)"), RuleOf("sum", "new(amount)"),
                   RuleOf("two", "new(entity)")};
  options.rules[2].min_sources = 2;
  options.rules[2].min_sources_within = absl::Hours(6);
  return options;
}

TEST(Check, AStoreThatTheSequencerMadeIsWhole) {
  Newsroom room(Rules());
  Fill(room);
  for (int round = 0; round < 2; ++round) {
    const CheckReport report = Check(room);
    EXPECT_EQ(report.finding_count, 0) << TextOf(report);
    EXPECT_GT(report.rows, 50);
    EXPECT_GT(report.references, 50);
    EXPECT_GT(report.files, 0);
    room.Reopen();
  }
}

// A row that is changed, as if something had gone wrong, and what of it is
// said: the family and key, and what is wrong with it.
struct Breakage {
  const char* name;
  std::function<void(Newsroom&, StoreBatch&)> make;
  const char* where;
  const char* what;
};

template <typename Record>
Record Load(Newsroom& room, Family family, const std::string& key) {
  Record record;
  const auto value = room.store().Get(family, key);
  EXPECT_TRUE(value.ok() && value->has_value()) << "no such row to break";
  EXPECT_TRUE(record.ParseFromString(value->value_or("")));
  return record;
}

template <typename Record>
std::function<void(Newsroom&, StoreBatch&)> Change(
    Family family, const std::string& key,
    const std::function<void(Record&)>& change) {
  return [=](Newsroom& room, StoreBatch& batch) {
    auto record = Load<Record>(room, family, key);
    change(record);
    batch.Put(family, key, record.SerializeAsString());
  };
}

std::function<void(Newsroom&, StoreBatch&)> Drop(Family family,
                                                 const std::string& key) {
  return [=](Newsroom& room, StoreBatch& batch) {
    EXPECT_TRUE((*room.store().Get(family, key)).has_value());
    batch.Delete(family, key);
  };
}

std::function<void(Newsroom&, StoreBatch&)> Copy(Family family,
                                                 const std::string& from,
                                                 const std::string& to) {
  return [=](Newsroom& room, StoreBatch& batch) {
    batch.Put(family, to, **room.store().Get(family, from));
  };
}

// Commits: 1 and 2 are article 1, 3 is 2, 4 is 3, 5 its copy, 6 waits, 7 is 5.
// Entities: 1 acme, 2 zeta (merged into 1), 3 umbrella, 4 soon.
const std::vector<Breakage>& Breakages() {
  static const auto* const kBreakages = new std::vector<Breakage>{
      {"a lost head", Drop(Family::kHeads, HeadKey("ew", "2")), "articles 3",
       "is not in its article's head"},
      {"a head of a missing revision",
       Change<ArticleHead>(Family::kHeads, HeadKey("ew", "2"),
                           [](ArticleHead& head) {
                             head.add_commits(99);
                             head.add_content_hashes("x");
                           }),
       "heads", "revision 2 is not the article of commit 99"},
      {"a head that does not add up",
       Change<ArticleHead>(Family::kHeads, HeadKey("ew", "2"),
                           [](ArticleHead& head) { head.add_commits(9); }),
       "heads", "do not add up"},
      {"a lost article", Drop(Family::kArticles, NumberKey(3)), "articles 4",
       "follows a gap"},
      {"a body of no article", Drop(Family::kArticles, NumberKey(3)),
       "bodies 3", "belongs to no article"},
      {"a lost body", Drop(Family::kBodies, NumberKey(3)), "articles 3",
       "has no body"},
      {"another body", Copy(Family::kBodies, NumberKey(3), NumberKey(4)),
       "articles 4", "another text"},
      {"another headline",
       Change<ArticleRecord>(
           Family::kArticles, NumberKey(4),
           [](ArticleRecord& article) { article.set_headline("!"); }),
       "articles 4", "another text"},
      {"a broken chain",
       Change<ArticleRecord>(
           Family::kArticles, NumberKey(4),
           [](ArticleRecord& article) { article.set_source("other"); }),
       "meta commit", "another chain"},
      {"lost mentions", Drop(Family::kMentions, NumberKey(4)), "articles 4",
       "has no mentions"},
      {"a lost embargo",
       Drop(Family::kEmbargoes, EmbargoKey(ToMicros(Hour(50)), 6)),
       "articles 6", "does not wait"},
      {"an embargo for nothing",
       Change<ArticleRecord>(
           Family::kArticles, NumberKey(6),
           [](ArticleRecord& article) { article.set_embargoed(false); }),
       "embargoes", "not under this embargo"},
      {"mentions outside the text",
       Change<MentionList>(
           Family::kMentions, NumberKey(4),
           [](MentionList& list) { list.set_mentions(2, 1000); }),
       "mentions 4", "does not fit the text"},
      {"mentions of an unknown entity",
       Change<MentionList>(Family::kMentions, NumberKey(4),
                           [](MentionList& list) { list.set_entities(0, 9); }),
       "mentions 4", "names entity 9, which is missing"},
      {"evidence of no mention",
       Change<MentionList>(Family::kMentions, NumberKey(4),
                           [](MentionList& list) {
                             list.add_sightings()->set_mention(50);
                           }),
       "mentions 4", "judges a mention it does not have"},
      {"a lost sighting", Drop(Family::kSightings, SightingKey(3, 4)),
       "mentions 4", "has no sighting"},
      {"a counter without its sighting",
       Drop(Family::kSightings, SightingKey(3, 4)), "counters 3",
       "counts 2 articles, but there are 1"},
      {"a sighting too many",
       Copy(Family::kSightings, SightingKey(3, 4), SightingKey(3, 3)),
       "sightings", "commit 3 does not mention entity 3"},
      {"a sighting of a bad amount",
       Change<EntitySighting>(Family::kSightings, SightingKey(3, 4),
                              [](EntitySighting& row) {
                                row.add_amounts()->set_key("?");
                              }),
       "sightings", "bad key"},
      {"coverage of nobody",
       Change<CoverageRecord>(
           Family::kCoverage, NumberKey(1),
           [](CoverageRecord& coverage) { coverage.add_entities(9); }),
       "coverage 1", "names entity 9"},
      {"another original",
       Change<NearRecord>(Family::kNear, NumberKey(4),
                          [](NearRecord& near) { near.set_original(1); }),
       "near 4", "has the original 1"},
      {"a key to another entity",
       [](Newsroom&, StoreBatch& batch) {
         batch.Put(Family::kKeys, "umbrella", NumberKey(1));
       },
       "keys umbrella", "leads to entity 1"},
      {"a lost key", Drop(Family::kKeys, "umbrella"), "entities 3",
       "does not lead back"},
      {"a lost entity", Drop(Family::kEntities, NumberKey(3)), "entities 4",
       "follows a gap"},
      {"counters of no entity", Drop(Family::kEntities, NumberKey(3)),
       "counters 3", "belongs to no entity"},
      {"lost counters", Drop(Family::kCounters, NumberKey(3)), "entities 3",
       "has no counters"},
      {"counters that do not add up",
       Change<EntityCounters>(
           Family::kCounters, NumberKey(3),
           [](EntityCounters& counters) { counters.add_type_votes(7); }),
       "counters 3", "does not add up"},
      {"forms that are not counted",
       Change<EntityRecord>(Family::kEntities, NumberKey(3),
                            [](EntityRecord& entity) { entity.add_forms(); }),
       "counters 3", "counts other forms"},
      {"a merge on one side",
       Change<EntityRecord>(
           Family::kEntities, NumberKey(1),
           [](EntityRecord& entity) { entity.clear_merged_from(); }),
       "entities 2", "does not have it"},
      {"a lost alert", Drop(Family::kAlerts, NumberKey(2)), "alerts 3",
       "stands where 2 is expected"},
      {"a mark of no alert", Drop(Family::kAlerts, NumberKey(2)), "marks",
       "is left by alert 2"},
      {"an alert of another article",
       Change<AlertRecord>(
           Family::kAlerts, NumberKey(2),
           [](AlertRecord& alert) { alert.set_article_id("x"); }),
       "alerts 2", "another article or missing"},
      {"an alert about nobody",
       Change<AlertRecord>(Family::kAlerts, NumberKey(1),
                           [](AlertRecord& alert) {
                             alert.mutable_mention()
                                 ->mutable_entity()
                                 ->set_number(9);
                           }),
       "alerts 1", "names entity 9"},
      {"an alert older than the one before",
       Change<AlertRecord>(Family::kAlerts, NumberKey(3),
                           [](AlertRecord& alert) { alert.set_create_time(1); }),
       "alerts 3", "is older"},
      {"an alert without its passage",
       Change<AlertRecord>(Family::kAlerts, NumberKey(1),
                           [](AlertRecord& alert) { alert.clear_passage(); }),
       "alerts 1", "outside its passage"},
      {"a mark about nobody",
       [](Newsroom&, StoreBatch& batch) {
         batch.Put(Family::kMarks, MarkKey("new", EntitySubject(9)), "");
       },
       "marks", "about nothing that there is"},
      {"a pending record that does not add up",
       [](Newsroom&, StoreBatch& batch) {
         PendingRecord pending;
         pending.add_articles("x");
         batch.Put(Family::kPending, MarkKey("two", EntitySubject(1)),
                   pending.SerializeAsString());
       },
       "pending", "does not add up"},
      {"a rule under another key",
       Copy(Family::kRules, RuleKey("mine", 0, "kept"),
            RuleKey("mine", 0, "other")),
       "rules", "another rule's key"},
      {"a subscription without a cursor",
       [](Newsroom&, StoreBatch& batch) {
         batch.Put(Family::kSubscriptions, "desk", "");
       },
       "subscriptions desk", "has no cursor"},
      {"a cursor of no subscription",
       [](Newsroom&, StoreBatch& batch) {
         batch.Put(Family::kCursors, "desk", "");
       },
       "cursors desk", "belongs to no subscription"},
      {"a cursor past the log",
       [](Newsroom&, StoreBatch& batch) {
         CursorRecord cursor;
         cursor.set_position(1000);
         batch.Put(Family::kSubscriptions, "desk", "");
         batch.Put(Family::kCursors, "desk", cursor.SerializeAsString());
       },
       "cursors desk", "at position 1000"},
      {"a dead letter of no subscription",
       [](Newsroom&, StoreBatch& batch) {
         batch.Put(Family::kLetters, LetterKey("desk", 1), "");
       },
       "letters", "is of no subscription"},
      {"a name under another key",
       Copy(Family::kNames, "acme", "other"), "names other",
       "another name's key"},
      {"a wrong count of bytes",
       [](Newsroom&, StoreBatch& batch) {
         batch.Put(Family::kAlerts, NumberKey(0), "");
       },
       "meta commit", "alert_bytes"},
      {"a row that cannot be parsed",
       [](Newsroom&, StoreBatch& batch) {
         batch.Put(Family::kCounters, NumberKey(3), "\xff\xff");
       },
       "counters 3", "cannot be parsed"},
      {"another format",
       [](Newsroom&, StoreBatch& batch) {
         batch.Put(Family::kMeta, kFormatKey, "x");
       },
       "meta format", "says `x`"},
      {"epochs that go back",
       [](Newsroom&, StoreBatch& batch) {
         EpochHistory history;
         history.add_ended()->set_last_sequence(1000);
         batch.Put(Family::kMeta, kEpochHistoryKey,
                   history.SerializeAsString());
       },
       "meta epochs", "cannot end"},
  };
  return *kBreakages;
}

TEST(Check, FindsEachThingThatIsBroken) {
  for (const Breakage& breakage : Breakages()) {
    SCOPED_TRACE(breakage.name);
    Newsroom room(Rules());
    Fill(room);
    StoreBatch batch(room.store());
    breakage.make(room, batch);
    ASSERT_TRUE(room.store().Write(batch, /*sync=*/true).ok());
    const CheckReport report = Check(room);
    bool found = false;
    for (const CheckFinding& finding : report.findings) {
      found |= absl::StartsWith(finding.where, breakage.where) &&
               absl::StrContains(finding.what, breakage.what);
    }
    EXPECT_TRUE(found) << TextOf(report);
  }
}

}  // namespace
}  // namespace tocsin
