#include "service/ingest_request.h"

#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/convert_article.h"
#include "service/wire.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin {
namespace {

grpc::ByteBuffer Buffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

TEST(ReadIngestRequest, ReadsWhatTheMessageHolds) {
  v1::IngestArticlesRequest request;
  for (int i = 0; i < 256; ++i) {
    v1::Article& article = *request.add_articles();
    article.set_id(absl::StrCat(i));
    article.set_body("text");
    if (i % 2 == 0) article.set_source("wire");
    article.mutable_published_at()->set_seconds(i);
  }
  request.set_suppress_alerts(true);
  const auto read = ReadIngestRequest(SerializeMessage(request));
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 256u);
  for (int i = 0; i < 256; ++i) {
    const LaneArticle& lane_article = (*read)[i];
    ASSERT_TRUE(lane_article.article.ok());
    EXPECT_TRUE(lane_article.suppress_alerts);
    EXPECT_EQ(lane_article.article->id, absl::StrCat(i));
    EXPECT_EQ(lane_article.article->source, i % 2 == 0 ? "wire" : "default");
    EXPECT_EQ(*lane_article.article->published_at, absl::FromUnixSeconds(i));
    EXPECT_FALSE(lane_article.article->updated_at.has_value());
  }
}

TEST(ReadIngestRequest, ABadArticleSpoilsNoOther) {
  v1::IngestArticlesRequest request;
  request.add_articles()->set_id("good");
  request.add_articles()->set_body("\xff");
  request.add_articles();  // Empty: read, though not valid later.
  request.add_articles()->set_id("last");
  const auto read =
      ReadIngestRequest(Buffer(request.SerializePartialAsString()));
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 4u);
  EXPECT_TRUE((*read)[0].article.ok());
  EXPECT_TRUE(absl::StartsWith((*read)[1].article.status().message(),
                               "article.body: "));
  EXPECT_TRUE((*read)[2].article.ok());
  EXPECT_EQ((*read)[3].article->id, "last");
}

TEST(ReadIngestRequest, UnknownFieldsAreSkipped) {
  v1::IngestArticlesRequest request;
  request.add_articles()->set_id("x");
  // Field 99, two bytes long.
  const auto read =
      ReadIngestRequest(Buffer(request.SerializeAsString() + "\x9a\x06\x02hi"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->size(), 1u);
}

// Agrees with protobuf's own parser on any bytes, where that accepts them.
TEST(ReadIngestRequest, AgreesWithTheGeneratedParser) {
  std::mt19937_64 random(11);
  v1::IngestArticlesRequest valid;
  for (int i = 0; i < 3; ++i) {
    valid.add_articles()->set_id(absl::StrCat("id-", i));
    valid.mutable_articles(i)->set_body("some text");
  }
  const std::string bytes = valid.SerializeAsString();
  int accepted = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string changed = bytes;
    changed[random() % changed.size()] = static_cast<char>(random());
    if (round % 2 == 0) changed.resize(random() % (changed.size() + 1));
    v1::IngestArticlesRequest expected;
    const auto read = ReadIngestRequest(Buffer(changed));
    if (!expected.ParseFromString(changed)) continue;
    ++accepted;
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_EQ(read->size(), static_cast<size_t>(expected.articles_size()));
    for (size_t i = 0; i < read->size(); ++i) {
      const auto& article = (*read)[i].article;
      if (article.ok()) {
        EXPECT_EQ(article->id, expected.articles(static_cast<int>(i)).id());
      }
    }
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace tocsin
