#include "service/wire.h"

#include <random>

#include "gtest/gtest.h"
#include "service/status_conversion.h"
#include "tocsin/v1/alert_service.pb.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin {
namespace {

std::string FieldOf(const absl::Status& status) {
  v1::FieldViolation violation;
  const v1::Error error = ToErrorProto(status);
  for (const auto& detail : error.details()) {
    detail.UnpackTo(&violation);
  }
  return violation.field();
}

TEST(Wire, RoundTrips) {
  v1::IngestArticleRequest request;
  request.mutable_article()->set_id("x");
  request.mutable_article()->set_body(std::string(100'000, 'y'));
  v1::IngestArticleRequest read;
  ASSERT_TRUE(ParseMessage(SerializeMessage(request), read).ok());
  EXPECT_EQ(read.SerializeAsString(), request.SerializeAsString());
  ASSERT_TRUE(ParseMessage(grpc::ByteBuffer(), read).ok());
  EXPECT_EQ(read.article().id(), "");
}

TEST(Wire, NamesTheFieldThatIsNotUtf8) {
  const std::string bad = "a\xc3(b";
  v1::IngestArticleRequest request;
  request.mutable_article()->set_headline(bad);
  absl::Status status =
      ParseMessage(request.SerializePartialAsString(), request);
  EXPECT_EQ(FieldOf(status), "article.headline");
  v1::WatchAlertsRequest watch;
  watch.mutable_start()->set_resume_token(bad);
  status = ParseMessage(watch.SerializePartialAsString(), watch);
  EXPECT_EQ(FieldOf(status), "start.resume_token");
}

TEST(Wire, SurvivesRandomBytes) {
  std::mt19937_64 random(7);
  v1::IngestArticleRequest valid;
  valid.mutable_article()->set_id("x");
  valid.mutable_article()->mutable_published_at()->set_seconds(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = valid.SerializeAsString();
    for (int i = 0; i < 3; ++i) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    bytes.resize(random() % (bytes.size() + 1));
    v1::IngestArticleRequest read;
    const absl::Status status = ParseMessage(bytes, read);
    if (!status.ok()) {
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace tocsin
