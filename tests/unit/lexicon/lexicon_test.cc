#include "lexicon/lexicon.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_folder.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Lexicon, ReadsRowsOfTables) {
  const DataFolder data;
  data.Write("lexicon/sv/scale.tsv",
             "# value, words\n\nmiljon\t1e6\r\n  miljard \t 1e9\t\tx");
  data.Write("lexicon/common/currency.tsv", "USD\t$\n");
  data.Write("lexicon/de/README.md", "not a table");
  const auto lexicon = Lexicon::Load(data.Options());
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  EXPECT_THAT((*lexicon)->Languages(), ElementsAre("de", "sv"));
  const auto rows = (*lexicon)->Rows("sv", "scale");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].fields(), ElementsAre("miljon", "1e6"));
  EXPECT_THAT(rows[1].fields(), ElementsAre("miljard", "1e9", "", "x"));
  EXPECT_EQ(rows[1][1], "1e9");
  EXPECT_EQ(rows[1][7], "");
  EXPECT_EQ((*lexicon)->Rows(Lexicon::kCommon, "currency")[0][0], "USD");
  EXPECT_THAT((*lexicon)->Rows("sv", "nothing"), IsEmpty());
  EXPECT_THAT((*lexicon)->Rows("nl", "scale"), IsEmpty());
}

TEST(Lexicon, RowsKnowWhereTheyStand) {
  const DataFolder data;
  data.Write("lexicon/sv/scale.tsv", "# one\n\nmiljon\tx\n");
  const auto lexicon = Lexicon::Load(data.Options());
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  const absl::Status error =
      (*lexicon)->Rows("sv", "scale")[0].Error("not a number: x");
  EXPECT_EQ(error.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(error.message(), "lexicon/sv/scale.tsv:3: not a number: x");
}

TEST(Lexicon, CuratedNamesCanBeLeftOut) {
  const DataFolder data;
  data.Write("names/places.tsv", "paris\n");
  data.Write("names/curated-people.tsv", "x\n");
  LexiconOptions options = data.Options();
  auto lexicon = Lexicon::Load(options);
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  ASSERT_EQ((*lexicon)->NameTables().size(), 2u);
  EXPECT_EQ((*lexicon)->NameTables()[0].file, "names/curated-people.tsv");
  EXPECT_TRUE((*lexicon)->NameTables()[0].curated);
  EXPECT_EQ((*lexicon)->NameTables()[1].name, "places");
  EXPECT_FALSE((*lexicon)->NameTables()[1].curated);

  options.include_curated = false;
  lexicon = Lexicon::Load(options);
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  ASSERT_EQ((*lexicon)->NameTables().size(), 1u);
  EXPECT_EQ((*lexicon)->NameTables()[0].name, "places");
}

TEST(Lexicon, ErrorsNameTheFile) {
  LexiconOptions options;
  options.data_dir = "/nowhere";
  EXPECT_THAT(std::string(Lexicon::Load(options).status().message()),
              HasSubstr("/nowhere/lexicon"));
  const DataFolder data;
  data.Write("lexicon/sv/a.tsv",
             "good\nb\xFF"
             "d\n");
  EXPECT_THAT(std::string(Lexicon::Load(data.Options()).status().message()),
              HasSubstr("lexicon/sv/a.tsv:2: not UTF-8"));
}

TEST(Lexicon, TheShippedDataLoads) {
  LexiconOptions options;
  options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
  const auto lexicon = Lexicon::Load(options);
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  EXPECT_THAT((*lexicon)->Languages(),
              testing::IsSupersetOf({"da", "de", "en", "nl", "sv"}));
}

}  // namespace
}  // namespace tocsin
