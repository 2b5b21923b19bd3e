// Alerts out: replay, the seam to live alerts, resuming, filters, bad starts.
#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "daemon_fixture.h"
#include "gmock/gmock.h"

namespace tocsin {
namespace {

using testing::HasSubstr;

class WatchTest : public DaemonTest {
 protected:
  WatchTest() { StartDaemon(); }

  // One watch, read by the test's thread.
  class Watch {
   public:
    Watch(v1::AlertService::Stub& stub,
          std::unique_ptr<grpc::ClientContext> context,
          const v1::WatchAlertsRequest& request)
        : context_(std::move(context)),
          reader_(stub.WatchAlerts(context_.get(), request)) {}

    // Reads until it has `count` alerts, checking that positions grow and
    // batches keep their bounds.
    void ReadAlerts(size_t count) {
      v1::WatchAlertsResponse response;
      while (alerts_.size() < count) {
        ASSERT_TRUE(reader_->Read(&response)) << "after " << alerts_.size();
        ASSERT_LE(response.alerts_size(), 64);
        ASSERT_FALSE(response.resume_token().empty());
        ASSERT_GE(response.sequence(), sequence_);
        sequence_ = response.sequence();
        token_ = response.resume_token();
        for (const v1::Alert& alert : response.alerts()) {
          ASSERT_LE(alert.sequence(), sequence_);
          alerts_.push_back(alert);
        }
      }
    }
    // The first response: it tells that the watch is live.
    void ReadMark() {
      v1::WatchAlertsResponse response;
      ASSERT_TRUE(reader_->Read(&response));
      token_ = response.resume_token();
      sequence_ = response.sequence();
    }
    grpc::Status End() {
      context_->TryCancel();
      v1::WatchAlertsResponse response;
      while (reader_->Read(&response)) {
      }
      return reader_->Finish();
    }
    grpc::Status Finish() {
      v1::WatchAlertsResponse response;
      while (reader_->Read(&response)) {
        token_ = response.resume_token();
        for (const v1::Alert& alert : response.alerts()) {
          alerts_.push_back(alert);
        }
      }
      return reader_->Finish();
    }

    const std::vector<v1::Alert>& alerts() const { return alerts_; }
    const std::string& token() const { return token_; }
    uint64_t sequence() const { return sequence_; }

   private:
    const std::unique_ptr<grpc::ClientContext> context_;
    const std::unique_ptr<grpc::ClientReader<v1::WatchAlertsResponse>> reader_;
    std::vector<v1::Alert> alerts_;
    std::string token_;
    uint64_t sequence_ = 0;
  };

  Watch Start(const v1::WatchAlertsRequest& request) {
    return Watch(*alerts_, Context(), request);
  }
  static v1::WatchAlertsRequest After(uint64_t sequence) {
    v1::WatchAlertsRequest request;
    request.mutable_start()->set_after_sequence(sequence);
    return request;
  }
  static v1::WatchAlertsRequest From(const std::string& token) {
    v1::WatchAlertsRequest request;
    request.mutable_start()->set_resume_token(token);
    return request;
  }
  // first, first + 1 ... without holes.
  static void ExpectConsecutive(const std::vector<v1::Alert>& alerts,
                                uint64_t first) {
    for (size_t i = 0; i < alerts.size(); ++i) {
      ASSERT_EQ(alerts[i].sequence(), first + i);
    }
  }
};

TEST_F(WatchTest, ReplaysEverythingFromTheBeginning) {
  Ingest(MakeArticles("a", 1000));
  for (const bool oldest : {false, true}) {
    v1::WatchAlertsRequest request = After(0);
    if (oldest) request.mutable_start()->mutable_oldest();
    Watch watch = Start(request);
    watch.ReadAlerts(1000);
    ExpectConsecutive(watch.alerts(), 1);
    EXPECT_EQ(watch.End().error_code(), grpc::CANCELLED);
  }
}

TEST_F(WatchTest, AnAlertSaysWhatRangAndWhere) {
  v1::Article article = MakeArticle("one", "A text.");
  article.set_headline("A headline");
  article.set_uri("https://example.com/one");
  article.mutable_published_at()->set_seconds(1'700'000'000);
  Ingest({article});
  Watch watch = Start(After(0));
  watch.ReadAlerts(1);
  ASSERT_EQ(watch.alerts().size(), 1u);
  const v1::Alert& alert = watch.alerts()[0];
  EXPECT_EQ(alert.sequence(), 1u);
  EXPECT_EQ(alert.rule(), "rules/every-article");
  EXPECT_EQ(alert.rule_revision(), 1);
  EXPECT_EQ(alert.article(), "sources/wire/articles/one");
  EXPECT_EQ(alert.revision(), 1);
  EXPECT_EQ(alert.source(), "wire");
  EXPECT_EQ(alert.language(), "en");
  EXPECT_EQ(alert.headline(), "A headline");
  EXPECT_EQ(alert.uri(), "https://example.com/one");
  EXPECT_EQ(alert.event_time().seconds(), 1'700'000'000);
  EXPECT_EQ(alert.urgency(), 4);
  EXPECT_TRUE(alert.has_create_time());
  EXPECT_EQ(alert.resume_token(), watch.token());
  watch.End();
}

TEST_F(WatchTest, FromNowOnSkipsWhatIsLogged) {
  Ingest(MakeArticles("old", 10));
  Watch watch = Start(v1::WatchAlertsRequest());
  watch.ReadMark();
  EXPECT_EQ(watch.sequence(), 10u);
  Ingest(MakeArticles("new", 10));
  watch.ReadAlerts(10);
  ExpectConsecutive(watch.alerts(), 11);
  watch.End();
}

// Watches begin while articles stream in: each goes from the store to the
// memory of the feed to live alerts without a hole or a repeat.
TEST_F(WatchTest, NoSeamBetweenReplayAndLive) {
  constexpr int kArticles = 4000;
  std::thread sender([&] { Ingest(MakeArticles("a", kArticles), 8); });
  std::vector<std::thread> watchers;
  for (int w = 0; w < 6; ++w) {
    watchers.emplace_back([&] {
      Watch watch = Start(After(0));
      watch.ReadAlerts(kArticles);
      ExpectConsecutive(watch.alerts(), 1);
      watch.End();
    });
  }
  sender.join();
  for (std::thread& watcher : watchers) watcher.join();
}

// A watcher that breaks off again and again and resumes with its last token.
TEST_F(WatchTest, ResumingMissesNothingAndRepeatsNothing) {
  constexpr size_t kArticles = 2000;
  std::thread sender([&] { Ingest(MakeArticles("a", kArticles), 8); });
  std::vector<v1::Alert> all;
  v1::WatchAlertsRequest request = After(0);
  for (size_t cut = 1; all.size() < kArticles; cut = cut * 2 + 1) {
    Watch watch = Start(request);
    watch.ReadAlerts(std::min(cut, kArticles - all.size()));
    // From an alert's own token as well as from a batch's.
    request = From(cut % 3 == 0 ? watch.alerts().back().resume_token()
                                : watch.token());
    all.insert(all.end(), watch.alerts().begin(), watch.alerts().end());
    watch.End();
  }
  sender.join();
  EXPECT_EQ(all.size(), kArticles);
  ExpectConsecutive(all, 1);
}

TEST_F(WatchTest, FiltersOnTheServer) {
  std::vector<v1::Article> articles = MakeArticles("a", 300);
  for (size_t i = 0; i < articles.size(); i += 3) {
    articles[i].set_language("sv");
  }
  Ingest(articles);
  v1::WatchAlertsRequest request = After(0);
  request.set_filter("language = \"sv\"");
  Watch watch = Start(request);
  watch.ReadAlerts(100);
  for (const v1::Alert& alert : watch.alerts()) {
    EXPECT_EQ(alert.language(), "sv");
    EXPECT_EQ(alert.sequence() % 3, 1u);
  }
  watch.End();
}

// The filter matches nothing, and still the place is told.
TEST_F(WatchTest, ProgressIsMarkedWithoutAMatch) {
  Ingest(MakeArticles("a", 200));
  v1::WatchAlertsRequest request = After(0);
  request.set_filter("language = \"fi\"");
  Watch watch = Start(request);
  watch.ReadMark();
  while (watch.sequence() < 200) watch.ReadMark();
  EXPECT_TRUE(watch.alerts().empty());
  watch.End();
}

TEST_F(WatchTest, FromATime) {
  Ingest(MakeArticles("a", 5));
  Watch before = Start(After(0));
  before.ReadAlerts(5);
  before.End();
  v1::WatchAlertsRequest request;
  *request.mutable_start()->mutable_time() = before.alerts()[0].create_time();
  Watch watch = Start(request);
  watch.ReadAlerts(5);
  ExpectConsecutive(watch.alerts(), 1);
  watch.End();
  request.mutable_start()->mutable_time()->set_seconds(4'000'000'000);
  Watch later = Start(request);
  later.ReadMark();
  EXPECT_EQ(later.sequence(), 5u);
  later.End();
}

TEST_F(WatchTest, BadStartsAreRefusedWithTheReason) {
  struct Case {
    v1::WatchAlertsRequest request;
    grpc::StatusCode code;
    const char* says;
    const char* field;
  };
  v1::WatchAlertsRequest bad_filter;
  bad_filter.set_filter("language = ");
  v1::WatchAlertsRequest scanning;
  scanning.set_filter("article.text:\"x\"");
  v1::WatchAlertsRequest bad_time;
  bad_time.mutable_start()->mutable_time()->set_nanos(-5);
  const Case cases[] = {
      {From("gibberish"), grpc::INVALID_ARGUMENT, "token",
       "start.resume_token"},
      {bad_filter, grpc::INVALID_ARGUMENT, "column", "filter"},
      {scanning, grpc::INVALID_ARGUMENT, "article.text", "filter"},
      {bad_time, grpc::INVALID_ARGUMENT, "years", "start.time"},
  };
  for (const Case& c : cases) {
    const grpc::Status status = Start(c.request).Finish();
    EXPECT_EQ(status.error_code(), c.code) << status.error_message();
    EXPECT_THAT(status.error_message(), HasSubstr(c.says));
    EXPECT_EQ(ViolationOf(status).field(), c.field);
  }
  // A filter's violation tells where in it.
  EXPECT_GT(ViolationOf(Start(bad_filter).Finish()).column(), 1);
}

TEST_F(WatchTest, APositionTheLogDoesNotHaveSaysWhereToGoOn) {
  Ingest(MakeArticles("a", 3));
  // A token of another store: another epoch.
  const grpc::Status beyond = Start(After(4)).Finish();
  EXPECT_EQ(beyond.error_code(), grpc::OUT_OF_RANGE);
  v1::Error error;
  v1::PositionLost lost;
  ASSERT_TRUE(error.ParseFromString(beyond.error_details()));
  ASSERT_EQ(error.details_size(), 1);
  ASSERT_TRUE(error.details(0).UnpackTo(&lost));
  Watch watch = Start(From(lost.resume_token()));
  watch.ReadMark();
  EXPECT_EQ(watch.sequence(), 3u);
  watch.End();
}

TEST_F(WatchTest, ATokenOfAnotherStoreIsOutOfRange) {
  Ingest(MakeArticles("a", 3));
  Watch watch = Start(After(0));
  watch.ReadAlerts(3);
  watch.End();
  StopDaemon();
  config_.data = Path("another_store");
  StartDaemon();
  const grpc::Status status = Start(From(watch.token())).Finish();
  EXPECT_EQ(status.error_code(), grpc::OUT_OF_RANGE);
  v1::Error error;
  v1::PositionLost lost;
  ASSERT_TRUE(error.ParseFromString(status.error_details()));
  ASSERT_TRUE(error.details(0).UnpackTo(&lost));
  EXPECT_EQ(lost.reason(), v1::PositionLost::EPOCH_CHANGED);
}

TEST_F(WatchTest, StoppingBringsWatchersToTheEndThenSaysUnavailable) {
  Watch watch = Start(After(0));
  watch.ReadMark();
  Ingest(MakeArticles("a", 500));
  std::thread stopper([&] { StopDaemon(); });
  const grpc::Status status = watch.Finish();
  stopper.join();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("resume"));
  EXPECT_EQ(watch.alerts().size(), 500u);
  StartDaemon();
  Watch resumed = Start(From(watch.token()));
  Ingest(MakeArticles("b", 1));
  resumed.ReadAlerts(1);
  EXPECT_EQ(resumed.alerts()[0].sequence(), 501u);
  resumed.End();
}

}  // namespace
}  // namespace tocsin
