// Starting, stopping, starting again; and what keeps a daemon from starting.
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "daemon_fixture.h"
#include "gmock/gmock.h"

namespace tocsin {
namespace {

using testing::HasSubstr;

class LifecycleTest : public DaemonTest {
 protected:
  // Why a daemon with this configuration does not start.
  static std::string WhyNot(const Config& config) {
    const auto daemon = Daemon::Start(config);
    EXPECT_FALSE(daemon.ok());
    return std::string(daemon.status().message());
  }
  v1::GetStatusResponse Status() {
    v1::GetStatusResponse status;
    EXPECT_TRUE(admin_->GetStatus(Context().get(), {}, &status).ok());
    return status;
  }
};

TEST_F(LifecycleTest, ARestartKeepsEverything) {
  StartDaemon();
  Ingest(MakeArticles("a", 300));
  const v1::GetStatusResponse before = Status();
  StopDaemon();
  StartDaemon();
  const v1::GetStatusResponse after = Status();
  EXPECT_EQ(after.epoch(), before.epoch());
  EXPECT_EQ(after.article_count(), 300);
  EXPECT_EQ(after.revision_count(), 300);
  EXPECT_EQ(after.last_sequence(), 300u);
  EXPECT_EQ(after.entity_count(), before.entity_count());
  for (const auto& result : Ingest(MakeArticles("a", 300))) {
    EXPECT_EQ(result.outcome(), v1::IngestResult::DUPLICATE);
  }
  v1::GetArticleRequest request;
  request.set_name("sources/wire/articles/a-7");
  v1::Article article;
  ASSERT_TRUE(archive_->GetArticle(Context().get(), request, &article).ok());
  EXPECT_EQ(article.body(), "This is text a-7.");
}

TEST_F(LifecycleTest, StatusTellsOfTheDaemonAndWarnsWhileTheArchiveIsYoung) {
  StartDaemon();
  const v1::GetStatusResponse status = Status();
  EXPECT_FALSE(status.version().empty());
  EXPECT_FALSE(status.epoch().empty());
  EXPECT_EQ(status.rule_count(), 1);
  EXPECT_GT(status.disk_free_bytes(), 0);
  EXPECT_THAT(status.languages(),
              testing::IsSupersetOf({"da", "de", "en", "nl", "sv"}));
  ASSERT_EQ(status.warnings_size(), 1);
  EXPECT_THAT(status.warnings(0), HasSubstr("the archive is young"));
}

// Stopped in the middle of a stream: what was acked is there, the stream ends
// with UNAVAILABLE, and sending the rest again completes it.
TEST_F(LifecycleTest, DrainAnswersWhatWasAccepted) {
  constexpr int kArticles = 3000;
  StartDaemon();
  const auto articles = MakeArticles("a", kArticles);
  const auto context = Context();
  const auto stream = ingest_->IngestArticles(context.get());
  std::thread writer([&] {
    for (const v1::Article& article : articles) {
      v1::IngestArticlesRequest request;
      *request.add_articles() = article;
      if (!stream->Write(request)) return;
    }
    // Not WritesDone(): only the daemon ends this stream.
  });
  size_t acked = 0;
  v1::IngestArticlesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  acked += response.results_size();
  std::thread stopper([&] { StopDaemon(); });
  while (stream->Read(&response)) acked += response.results_size();
  writer.join();
  EXPECT_EQ(stream->Finish().error_code(), grpc::UNAVAILABLE);
  stopper.join();
  StartDaemon();
  EXPECT_GE(Status().article_count(), static_cast<int64_t>(acked));
  const auto results = Ingest(articles);
  for (size_t i = 0; i < results.size(); ++i) {
    if (i < acked) {
      EXPECT_EQ(results[i].outcome(), v1::IngestResult::DUPLICATE) << i;
    }
  }
  EXPECT_EQ(Status().article_count(), kArticles);
  EXPECT_EQ(Status().last_sequence(), static_cast<uint64_t>(kArticles));
}

TEST_F(LifecycleTest, APortFileHoldsThePort) {
  config_.port_file = Path("port");
  StartDaemon();
  int port = 0;
  std::ifstream(Path("port")) >> port;
  EXPECT_EQ(port, daemon_->port());
  EXPECT_EQ(daemon_->address(), absl::StrCat("127.0.0.1:", port));
}

TEST_F(LifecycleTest, ATakenPortIsNamed) {
  StartDaemon();
  Config second = config_;
  second.data = Path("second");
  second.listen = daemon_->address();
  EXPECT_THAT(WhyNot(second), HasSubstr(daemon_->address()));
}

TEST_F(LifecycleTest, ASecondDaemonOnTheStoreIsRefused) {
  StartDaemon();
  EXPECT_THAT(WhyNot(config_), HasSubstr(config_.data));
}

TEST_F(LifecycleTest, AForeignDirectoryIsLeftAlone) {
  std::filesystem::create_directory(Path("foreign"));
  WriteFile("foreign/thesis.txt", "Chapter one");
  config_.data = Path("foreign");
  EXPECT_THAT(WhyNot(config_), HasSubstr(Path("foreign")));
  EXPECT_TRUE(std::filesystem::exists(Path("foreign/thesis.txt")));
}

TEST_F(LifecycleTest, APathThatIsNoDirectoryIsNamed) {
  WriteFile("file", "");
  config_.data = Path("file");
  EXPECT_THAT(WhyNot(config_), HasSubstr(Path("file")));
  config_.data = Path("missing/parent/store");
  EXPECT_THAT(WhyNot(config_), HasSubstr("missing/parent"));
}

TEST_F(LifecycleTest, ABrokenRuleFileIsNamed) {
  WriteFile("rules.yaml", "rules:\n  - name: x\n    filter: new(\n");
  EXPECT_THAT(WhyNot(config_), HasSubstr("rules.yaml"));
  config_.rules = Path("nowhere.yaml");
  EXPECT_THAT(WhyNot(config_), HasSubstr("nowhere.yaml"));
}

TEST_F(LifecycleTest, AMissingLexiconIsNamed) {
  config_.lexicon = Path("no_lexicon");
  EXPECT_THAT(WhyNot(config_), HasSubstr("no_lexicon"));
}

TEST_F(LifecycleTest, ReloadingRulesTakesEffectOrChangesNothing) {
  StartDaemon();
  EXPECT_EQ(IngestOne(MakeArticle("a", "One.")).alert_count(), 1);
  WriteFile("rules.yaml", "rules:\n  - name: broken\n    filter: new(\n");
  EXPECT_FALSE(daemon_->ReloadRules().ok());
  EXPECT_EQ(IngestOne(MakeArticle("b", "Two.")).alert_count(), 1);
  WriteFile("rules.yaml",
            absl::StrCat(kRingForEveryArticle,
                         "  - name: again\n"
                         "    filter: article.language = \"en\"\n"));
  ASSERT_TRUE(daemon_->ReloadRules().ok());
  EXPECT_EQ(IngestOne(MakeArticle("c", "Three.")).alert_count(), 2);
}

}  // namespace
}  // namespace tocsin
