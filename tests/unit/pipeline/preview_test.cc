#include "pipeline/preview.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "newsroom.h"

namespace tocsin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Preview, TellsWhatIngestWouldDoAndChangesNothing) {
  Newsroom::Options options;
  options.rules = {RuleOf("new", "new(entity)"), RuleOf("sum", "new(amount)"),
                   RuleOf("any", "entity.listed = false"),
                   RuleOf("text", "article.source = \"ew\"")};
  Newsroom room(options);
  room.Ingest(ArticleBuilder("1").Names("acme").Sum("5"));
  const std::vector<std::string> before = room.Dump();

  const ArticleCommand article =
      ArticleBuilder("2").Names("acme").Names("zeta").Sum("5").Sum("6").Build();
  const auto preview =
      PreviewArticle(room.store(), *room.sequencer().rules(), article.article,
                     article.analysis, Hour(1));
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_THAT(preview->article_rules, ElementsAre("text"));
  ASSERT_EQ(preview->sightings.size(), 4u);
  EXPECT_FALSE(preview->sightings[0].is_new);
  EXPECT_EQ(preview->sightings[0].sighting.evidence.article_count, 1);
  EXPECT_THAT(preview->sightings[0].rules, IsEmpty());
  EXPECT_TRUE(preview->sightings[1].is_new);
  EXPECT_THAT(preview->sightings[1].rules, ElementsAre("any", "new"));
  EXPECT_FALSE(preview->sightings[2].is_new);
  EXPECT_TRUE(preview->sightings[3].is_new);
  EXPECT_THAT(preview->sightings[3].rules, ElementsAre("sum"));
  EXPECT_EQ(room.Dump(), before);
}

}  // namespace
}  // namespace tocsin
