#include "daemon_fixture.h"

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace tocsin {

const char kRingForEveryArticle[] =
    "rules:\n"
    "  - name: every-article\n"
    "    filter: article.source = \"wire\"\n";

DaemonTest::DaemonTest() {
  std::string made = testing::TempDir() + "/tocsin_integration_XXXXXX";
  directory_ = mkdtemp(made.data());
  // The languages without the long lists of names: these tests are about the
  // path, and start daemons by the dozen.
  std::filesystem::create_directories(Path("lexicon_data/names"));
  std::filesystem::create_directory_symlink(
      TOCSIN_SOURCE_DIR "/daemon/data/lexicon", Path("lexicon_data/lexicon"));
  WriteFile("rules.yaml", kRingForEveryArticle);
  config_.data = Path("store");
  config_.listen = "127.0.0.1:0";
  config_.rules = Path("rules.yaml");
  config_.lexicon = Path("lexicon_data");
  SetUpLogging(LogLevel::kWarning, LogFormat::kText);
}

DaemonTest::~DaemonTest() {
  StopDaemon();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void DaemonTest::StartDaemon() {
  auto daemon = Daemon::Start(config_);
  ASSERT_TRUE(daemon.ok()) << daemon.status();
  daemon_ = *std::move(daemon);
  channel_ = grpc::CreateChannel(daemon_->address(),
                                 grpc::InsecureChannelCredentials());
  ingest_ = v1::IngestService::NewStub(channel_);
  alerts_ = v1::AlertService::NewStub(channel_);
  archive_ = v1::ArchiveService::NewStub(channel_);
  admin_ = v1::AdminService::NewStub(channel_);
}

void DaemonTest::StopDaemon() {
  if (daemon_ == nullptr) return;
  const absl::Status stopped = daemon_->Stop();
  EXPECT_TRUE(stopped.ok()) << stopped;
  daemon_.reset();
}

std::string DaemonTest::Path(const std::string& name) const {
  return directory_ + "/" + name;
}

void DaemonTest::WriteFile(const std::string& name,
                           const std::string& text) const {
  std::ofstream(Path(name)) << text;
}

std::unique_ptr<grpc::ClientContext> DaemonTest::Context() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() +
                        std::chrono::seconds(kCallSeconds));
  return context;
}

v1::Article DaemonTest::MakeArticle(const std::string& id,
                                    const std::string& body) {
  v1::Article article;
  article.set_source("wire");
  article.set_id(id);
  article.set_language("en");
  article.set_body(body);
  return article;
}

std::vector<v1::Article> DaemonTest::MakeArticles(const std::string& prefix,
                                                  int count) {
  std::vector<v1::Article> articles;
  for (int i = 0; i < count; ++i) {
    const std::string id = absl::StrCat(prefix, "-", i);
    articles.push_back(MakeArticle(id, absl::StrCat("This is text ", id, ".")));
  }
  return articles;
}

std::vector<v1::IngestResult> DaemonTest::Ingest(
    const std::vector<v1::Article>& articles, int per_message) {
  std::vector<v1::IngestResult> results;
  const auto context = Context();
  const auto stream = ingest_->IngestArticles(context.get());
  v1::IngestArticlesRequest request;
  for (size_t i = 0; i < articles.size(); ++i) {
    *request.add_articles() = articles[i];
    if (request.articles_size() == per_message || i + 1 == articles.size()) {
      EXPECT_TRUE(stream->Write(request));
      request.clear_articles();
    }
  }
  stream->WritesDone();
  v1::IngestArticlesResponse response;
  while (stream->Read(&response)) {
    results.insert(results.end(), response.results().begin(),
                   response.results().end());
  }
  const grpc::Status status = stream->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return results;
}

v1::IngestResult DaemonTest::IngestOne(const v1::Article& article) {
  v1::IngestArticleRequest request;
  *request.mutable_article() = article;
  v1::IngestArticleResponse response;
  const grpc::Status status =
      ingest_->IngestArticle(Context().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.result();
}

v1::FieldViolation ViolationOf(const grpc::Status& status) {
  v1::Error error;
  v1::FieldViolation violation;
  EXPECT_TRUE(error.ParseFromString(status.error_details()));
  for (const auto& detail : error.details()) detail.UnpackTo(&violation);
  return violation;
}

}  // namespace tocsin
