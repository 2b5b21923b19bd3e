// Rows written by hand against what the messages serialize to.
#include "storage/row_writer.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "storage/analysis_record.h"
#include "storage/records.h"

namespace tocsin {
namespace {

class RowWriter : public ::testing::Test {
 protected:
  RowWriter() : seed_(std::random_device()()), random_(seed_) {}

  int Pick(int limit) {
    return static_cast<int>(random_() % static_cast<unsigned>(limit));
  }
  // Small, large, zero, and of every length of a varint.
  uint64_t Number() {
    return Pick(4) == 0 ? 0
                        : (uint64_t{random_()} << 32 | random_()) >> Pick(64);
  }
  int64_t Time() {
    return Pick(5) == 0 ? -static_cast<int64_t>(Number() >> 2)
                        : static_cast<int64_t>(Number() >> 2);
  }
  std::string Text() {
    std::string text;
    for (int i = Pick(4) == 0 ? 200 : Pick(9); i > 0; --i) {
      text.push_back(static_cast<char>('a' + Pick(26)));
    }
    return text;
  }
  Evidence MakeEvidence() {
    Evidence evidence;
    if (Pick(3) == 0) return evidence;
    evidence.first_seen = FromMicros(Time() + 1);
    evidence.last_seen = FromMicros(Time() + 1);
    evidence.article_count = static_cast<int64_t>(Number() >> 2);
    evidence.source_count = Pick(17);
    return evidence;
  }
  Amount MakeAmount() {
    Amount amount;
    amount.kind = static_cast<AmountKind>(1 + Pick(3));
    amount.unit = Text();
    amount.unit_known = Pick(2) == 0;
    amount.low.text = absl::StrCat(Number());
    amount.high.text = absl::StrCat(Number());
    amount.approximate = Pick(2) == 0;
    amount.bound = static_cast<AmountBound>(Pick(3));
    amount.vague = Pick(2) == 0;
    amount.anchor = Pick(4) - 1;
    for (int i = Pick(5); i > 0; --i) amount.linked.push_back(Pick(300));
    return amount;
  }
  Analysis MakeAnalysis() {
    Analysis analysis;
    for (int i = Pick(5); i > 0; --i) {
      analysis.entities.push_back(
          {Text(), Text(), static_cast<EntityType>(Pick(8)), false, 1});
    }
    for (int i = Pick(3); i > 0; --i) {
      analysis.amounts.push_back(MakeAmount());
    }
    for (int i = Pick(9); i > 0; --i) {
      Mention mention;
      mention.span.field = static_cast<Field>(1 + Pick(2));
      mention.sentence_begin = static_cast<uint32_t>(Pick(100'000));
      mention.span.begin = mention.sentence_begin + Pick(300);
      mention.span.end = mention.span.begin + Pick(30);
      mention.sentence_end = mention.span.end + Pick(300);
      (Pick(2) == 0 ? mention.entity : mention.amount) = Pick(200);
      analysis.mentions.push_back(mention);
    }
    return analysis;
  }

  const unsigned seed_;
  std::mt19937 random_;
};

TEST_F(RowWriter, MentionLists) {
  SCOPED_TRACE(seed_);
  for (int round = 0; round < 500; ++round) {
    const Analysis analysis = MakeAnalysis();
    std::vector<uint64_t> numbers;
    MentionList list;
    for (const Entity& entity : analysis.entities) {
      numbers.push_back(Number());
      list.add_entities(numbers.back());
      list.add_types(static_cast<uint32_t>(entity.type));
    }
    for (const Amount& amount : analysis.amounts) {
      *list.add_amounts() = ToRecord(amount);
    }
    for (const Mention& mention : analysis.mentions) {
      for (const uint32_t number : NumbersOf(mention)) {
        list.add_mentions(number);
      }
    }
    std::vector<Sighting> sightings(static_cast<size_t>(Pick(4)));
    for (Sighting& sighting : sightings) {
      sighting.mention = Pick(300);
      sighting.evidence = MakeEvidence();
      sighting.anchor = MakeEvidence();
      if (Pick(3) == 0) sighting.previous = MakeAmount();
      *list.add_sightings() = ToRecord(sighting);
    }
    std::string row;
    AppendMentionList(analysis, numbers, sightings, row);
    for (size_t i = 0; i < analysis.entities.size(); ++i) {
      if (Pick(4) != 0) continue;
      Entity entity = analysis.entities[i];
      entity.listed = Pick(2) == 0;
      AppendNamedOtherwise(i, entity, row);
      auto& named = *list.add_names();
      named.set_entity(static_cast<uint32_t>(i));
      named.set_key(entity.key);
      named.set_display_name(entity.display_name);
      named.set_listed(entity.listed);
    }
    ASSERT_EQ(row, list.SerializeAsString()) << list.ShortDebugString();
  }
}

TEST_F(RowWriter, EntitySightings) {
  SCOPED_TRACE(seed_);
  for (int round = 0; round < 500; ++round) {
    EntitySighting record;
    record.set_amounts_only(Pick(2) == 0);
    std::string links;
    for (int i = Pick(4); i > 0; --i) {
      const std::string key = Text();
      const std::string unit = Text();
      const AmountLink link{key, Pick(2) == 0, Pick(2) == 0,
                            static_cast<uint32_t>(Pick(400)), unit};
      AppendAmountLink(link, links);
      LinkedAmount& linked = *record.add_amounts();
      linked.set_key(key);
      linked.set_approximate(link.approximate);
      linked.set_anchored(link.anchored);
      if (link.anchored) linked.set_index(link.index);
      linked.set_unit(unit);
    }
    const int64_t event_time = Time();
    const auto source = static_cast<uint32_t>(Number());
    record.set_event_time(event_time);
    record.set_source(source);
    std::string row;
    AppendEntitySighting(record.amounts_only(), links, event_time, source, row);
    ASSERT_EQ(row, record.SerializeAsString()) << record.ShortDebugString();
  }
}

TEST_F(RowWriter, EntityCounters) {
  SCOPED_TRACE(seed_);
  for (int round = 0; round < 500; ++round) {
    storage::v1::EntityCounters record;
    record.set_first_seen_at(Time());
    record.set_last_seen_at(Time());
    record.set_article_count(static_cast<int64_t>(Number() >> 2));
    std::vector<int32_t> votes(static_cast<size_t>(Pick(9)));
    for (int32_t& vote : votes) vote = static_cast<int32_t>(Number() >> 40);
    std::vector<int32_t> counts(static_cast<size_t>(Pick(70)));
    for (int32_t& count : counts) count = Pick(300);
    record.mutable_type_votes()->Add(votes.begin(), votes.end());
    record.mutable_form_counts()->Add(counts.begin(), counts.end());
    std::string row;
    AppendEntityCounters(
        {record.first_seen_at(), record.last_seen_at(), record.article_count()},
        votes, counts, row);
    ASSERT_EQ(row, record.SerializeAsString()) << record.ShortDebugString();
  }
}

TEST_F(RowWriter, SourcesAndFormsAreAddedToTheEndOfARecord) {
  EntityRecord record;
  record.set_number(7);
  record.set_key("openai");
  record.add_sources("ew");
  std::string row = record.SerializeAsString();
  AppendEntityForm("nl", "OpenAI-top", row);
  AppendEntitySource("zz", row);
  AppendEntityForm("", "OpenAI", row);
  record.add_sources("zz");
  for (const auto& [language, text] :
       {std::pair("nl", "OpenAI-top"), std::pair("", "OpenAI")}) {
    record.add_forms()->set_text(text);
    record.mutable_forms()->rbegin()->set_language(language);
  }
  EntityRecord read;
  ASSERT_TRUE(read.ParseFromString(row));
  EXPECT_EQ(read.SerializeAsString(), record.SerializeAsString());
}

}  // namespace
}  // namespace tocsin
