// Articles in: order, acks, duplicates, revisions, and bad input.
#include <thread>

#include "absl/strings/str_cat.h"
#include "daemon_fixture.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "tocsin/v1/error.pb.h"

namespace tocsin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using v1::IngestResult;

class IngestTest : public DaemonTest {
 protected:
  IngestTest() { StartDaemon(); }

  // The status of IngestArticle for these bytes, which need not be a message.
  grpc::Status IngestBytes(const std::string& bytes) {
    grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub(
        channel_);
    const auto context = Context();
    grpc::CompletionQueue queue;
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    auto call = stub.PrepareUnaryCall(context.get(),
                                      "/tocsin.v1.IngestService/IngestArticle",
                                      request, &queue);
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    EXPECT_TRUE(queue.Next(&tag, &ok));
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) {
    }
    return status;
  }
};

TEST_F(IngestTest, ResultsComeInTheOrderSent) {
  for (const int per_message : {1, 7, 256}) {
    const std::string prefix = absl::StrCat("by-", per_message);
    const auto results = Ingest(MakeArticles(prefix, 2000), per_message);
    ASSERT_EQ(results.size(), 2000u);
    for (int i = 0; i < 2000; ++i) {
      EXPECT_EQ(results[i].outcome(), IngestResult::STORED);
      EXPECT_EQ(results[i].article(),
                absl::StrCat("sources/wire/articles/", prefix, "-", i));
      EXPECT_EQ(results[i].alert_count(), 1);
    }
  }
}

TEST_F(IngestTest, CommitOrderIsTheOrderOfTheStream) {
  Ingest(MakeArticles("a", 500), 100);
  v1::ListArticlesRequest request;
  request.set_page_size(1000);
  v1::ListArticlesResponse response;
  ASSERT_TRUE(archive_->ListArticles(Context().get(), request, &response).ok());
  ASSERT_EQ(response.articles_size(), 500);
  for (int i = 0; i < 500; ++i) {  // The latest first.
    EXPECT_EQ(response.articles(i).id(), absl::StrCat("a-", 499 - i));
  }
}

TEST_F(IngestTest, KnownContentIsADuplicateAndChangedContentARevision) {
  const v1::Article first = MakeArticle("x", "The first text.");
  const v1::Article second = MakeArticle("x", "The second text.");
  const auto results = Ingest({first, first, second, first});
  ASSERT_EQ(results.size(), 4u);
  EXPECT_EQ(results[0].outcome(), IngestResult::STORED);
  EXPECT_EQ(results[0].revision(), 1);
  EXPECT_EQ(results[1].outcome(), IngestResult::DUPLICATE);
  EXPECT_EQ(results[1].alert_count(), 0);
  EXPECT_EQ(results[2].outcome(), IngestResult::REVISED);
  EXPECT_EQ(results[2].revision(), 2);
  // Content of an earlier revision, though not of the latest.
  EXPECT_EQ(results[3].outcome(), IngestResult::DUPLICATE);
  EXPECT_EQ(results[3].revision(), 1);
  EXPECT_EQ(IngestOne(second).outcome(), IngestResult::DUPLICATE);
}

TEST_F(IngestTest, SuppressedArticlesRingNothing) {
  v1::IngestArticleRequest request;
  *request.mutable_article() = MakeArticle("old", "An old text.");
  request.set_suppress_alerts(true);
  v1::IngestArticleResponse response;
  ASSERT_TRUE(ingest_->IngestArticle(Context().get(), request, &response).ok());
  EXPECT_EQ(response.result().outcome(), IngestResult::STORED);
  EXPECT_EQ(response.result().alert_count(), 0);
}

TEST_F(IngestTest, ABadArticleGetsItsErrorAndTheStreamGoesOn) {
  struct Case {
    const char* field;
    v1::Article article;
  };
  std::vector<Case> cases;
  const auto bad = [&](const char* field) -> v1::Article& {
    cases.push_back({field, MakeArticle("x", "Good text.")});
    return cases.back().article;
  };
  bad("article.id").clear_id();
  bad("article.id").set_id(std::string(257, 'x'));
  bad("article.body").clear_body();
  bad("article.body").set_body(std::string((2 << 20) + 1, 'x'));
  bad("article.headline").set_headline(std::string(4097, 'x'));
  bad("article.uri").set_uri(std::string(2049, 'x'));
  bad("article.byline").set_byline(std::string(1025, 'x'));
  bad("article.source").set_source(std::string(129, 'x'));
  bad("article.language").set_language("not a tag");
  bad("article.urgency").set_urgency(10);
  bad("article.published_at").mutable_published_at()->set_nanos(-1);
  bad("article.updated_at").mutable_updated_at()->set_seconds(1LL << 60);
  std::vector<v1::Article> articles;
  for (size_t i = 0; i < cases.size(); ++i) {
    articles.push_back(cases[i].article);
    articles.push_back(MakeArticle(absl::StrCat("good-", i), "Good text."));
  }
  const auto results = Ingest(articles, 2);
  ASSERT_EQ(results.size(), articles.size());
  for (size_t i = 0; i < cases.size(); ++i) {
    const IngestResult& result = results[2 * i];
    EXPECT_EQ(result.outcome(), IngestResult::REJECTED) << cases[i].field;
    EXPECT_EQ(result.error().code(), grpc::INVALID_ARGUMENT);
    EXPECT_THAT(result.error().message(),
                StartsWith(absl::StrCat(cases[i].field, ": ")));
    v1::FieldViolation violation;
    ASSERT_EQ(result.error().details_size(), 1);
    ASSERT_TRUE(result.error().details(0).UnpackTo(&violation));
    EXPECT_EQ(violation.field(), cases[i].field);
    EXPECT_EQ(results[2 * i + 1].outcome(), IngestResult::STORED);
  }
}

TEST_F(IngestTest, TextThatIsNotUtf8IsNamed) {
  v1::Article article = MakeArticle("x", "Good text, then \xff bytes.");
  // The field numbers of IngestArticleRequest.article and of its length.
  const std::string inner = article.SerializePartialAsString();
  std::string bytes = "\x0a";
  ASSERT_LT(inner.size(), 128u);
  bytes += static_cast<char>(inner.size());
  bytes += inner;
  const grpc::Status status = IngestBytes(bytes);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(ViolationOf(status).field(), "article.body");
  EXPECT_THAT(status.error_message(), HasSubstr("UTF-8"));
}

TEST_F(IngestTest, BytesThatAreNoMessageAreRefused) {
  for (const char* bytes : {"\xff\xff\xff\xff", "\x0a\x7fno", "\x0b"}) {
    const grpc::Status status = IngestBytes(bytes);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_THAT(status.error_message(), HasSubstr("IngestArticleRequest"));
  }
  EXPECT_EQ(IngestOne(MakeArticle("x", "Goes on.")).outcome(),
            IngestResult::STORED);
}

TEST_F(IngestTest, TooManyArticlesInAMessageEndTheStream) {
  v1::IngestArticlesRequest request;
  for (const v1::Article& article : MakeArticles("a", 257)) {
    *request.add_articles() = article;
  }
  const auto context = Context();
  const auto stream = ingest_->IngestArticles(context.get());
  stream->Write(request);
  v1::IngestArticlesResponse response;
  EXPECT_FALSE(stream->Read(&response));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(ViolationOf(status).field(), "articles");
}

TEST_F(IngestTest, AStreamThatBreaksOffLeavesWhatWasRead) {
  {
    const auto context = Context();
    const auto stream = ingest_->IngestArticles(context.get());
    v1::IngestArticlesRequest request;
    *request.add_articles() = MakeArticle("kept", "Acked before the break.");
    ASSERT_TRUE(stream->Write(request));
    v1::IngestArticlesResponse response;
    ASSERT_TRUE(stream->Read(&response));
    context->TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::CANCELLED);
  }
  EXPECT_EQ(IngestOne(MakeArticle("kept", "Acked before the break.")).outcome(),
            IngestResult::DUPLICATE);
}

TEST_F(IngestTest, AnalyzeStoresNothing) {
  v1::AnalyzeArticleRequest request;
  *request.mutable_article() =
      MakeArticle("x", "The company paid 17 million dollars.");
  v1::AnalyzeArticleResponse response;
  ASSERT_TRUE(
      ingest_->AnalyzeArticle(Context().get(), request, &response).ok());
  EXPECT_EQ(response.article_id(), "x");
  EXPECT_EQ(response.language(), "en");
  bool found = false;
  for (const v1::Mention& mention : response.mentions()) {
    found |= mention.amount().unit() == "USD" && mention.amount().low() == 17e6;
  }
  EXPECT_TRUE(found) << response.DebugString();
  ASSERT_GE(response.sightings_size(), 1);
  EXPECT_TRUE(response.sightings(0).is_new());

  v1::GetStatusResponse status;
  ASSERT_TRUE(admin_->GetStatus(Context().get(), {}, &status).ok());
  EXPECT_EQ(status.article_count(), 0);
  EXPECT_EQ(status.last_sequence(), 0u);
  EXPECT_EQ(IngestOne(request.article()).outcome(), IngestResult::STORED);
}

TEST_F(IngestTest, ManyStreamsAtOnceEachKeepTheirOrder) {
  constexpr int kStreams = 8;
  std::vector<std::thread> threads;
  std::vector<std::vector<IngestResult>> results(kStreams);
  for (int s = 0; s < kStreams; ++s) {
    threads.emplace_back([&, s] {
      results[s] = Ingest(MakeArticles(absl::StrCat("s", s), 300), 20);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int s = 0; s < kStreams; ++s) {
    ASSERT_EQ(results[s].size(), 300u);
    for (int i = 0; i < 300; ++i) {
      EXPECT_EQ(results[s][i].article(),
                absl::StrCat("sources/wire/articles/s", s, "-", i));
    }
  }
}

}  // namespace
}  // namespace tocsin
