#include "service/ingest_service.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "pipeline/preview.h"
#include "service/convert_article.h"
#include "service/convert_mention.h"
#include "service/convert_result.h"
#include "service/unary.h"

namespace tocsin {
namespace {

// Of articles on their way into the archive; their analyses take about as much.
constexpr size_t kMaxIngestBytes = 256 << 20;

absl::Status Stopping() {
  return absl::UnavailableError(
      "the daemon is stopping; send again what was not acked");
}

// Of one call of IngestArticle, which is a lane with one article. The lane
// holds on to it by its callback, and lives while the article is under way.
struct SingleIngest {
  grpc::ServerUnaryReactor* reactor = nullptr;
  grpc::ByteBuffer* response = nullptr;
  std::weak_ptr<IngestLane> lane;

  // False if there was nothing to answer yet.
  bool Answer() {
    const std::shared_ptr<IngestLane> held = lane.lock();
    std::vector<LaneResult> results = held->Take(1);
    if (results.empty()) return false;
    const absl::Status status = results[0].status;
    v1::IngestArticleResponse message;
    if (status.ok()) {
      ResultToProto(std::move(results[0]), *message.mutable_result());
      *response = SerializeMessage(message);
    }
    reactor->Finish(ToGrpcStatus(status));
    return true;
  }
};

// A call that ends before it began.
class RefusedIngest final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit RefusedIngest(const absl::Status& why) { Finish(ToGrpcStatus(why)); }
  void OnDone() override { delete this; }
};

absl::StatusOr<v1::AnalyzeArticleResponse> Analyze(
    const ServiceContext& context, v1::AnalyzeArticleRequest& request) {
  v1::AnalyzeArticleResponse response;
  TOCSIN_ASSIGN_OR_RETURN(Article article,
                          TakeArticle(*request.mutable_article()));
  if (article.id.empty())
    article.id = "unnamed";  // Nothing is stored.
  else
    response.set_article_id(article.id);
  TOCSIN_RETURN_IF_ERROR(ValidateArticle(article));
  const Analysis analysis = context.names->analyzer()->Analyze(article);
  response.set_language(analysis.language);
  for (const Mention& mention : analysis.mentions) {
    *response.add_mentions() = MentionToProto(analysis, mention);
  }
  if (request.mentions_only()) return response;
  TOCSIN_ASSIGN_OR_RETURN(
      const Preview preview,
      PreviewArticle(*context.store, *context.sequencer->rules(), article,
                     analysis, context.now()));
  for (const PreviewedSighting& previewed : preview.sightings) {
    auto& sighting = *response.add_sightings();
    sighting.set_mention(previewed.sighting.mention);
    sighting.set_is_new(previewed.is_new);
    sighting.set_article_count(previewed.sighting.evidence.article_count);
    for (const std::string& rule : previewed.rules) {
      sighting.add_rules(absl::StrCat("rules/", rule));
    }
  }
  return response;
}

}  // namespace

IngestService::IngestService(const ServiceContext& context)
    : context_(context),
      budget_(std::make_shared<IngestBudget>(kMaxIngestBytes)) {}

void IngestService::Drain(absl::Time deadline) {
  std::vector<std::shared_ptr<IngestStream>> streams;
  {
    MutexLock lock(mu_);
    draining_ = true;
    for (IngestStream* stream : streams_) {
      streams.push_back(stream->shared_from_this());
    }
  }
  for (const auto& stream : streams) stream->Stop(Stopping());
  streams.clear();
  MutexLock lock(mu_);
  while (inside_ > 0) {
    const absl::Duration left = deadline - context_.now();
    if (left <= absl::ZeroDuration()) return;
    left_.WaitFor(mu_, absl::ToChronoNanoseconds(
                           std::min(left, absl::Milliseconds(100))));
  }
}

bool IngestService::Enter() {
  MutexLock lock(mu_);
  if (!draining_) ++inside_;
  return !draining_;
}

void IngestService::Leave() {
  MutexLock lock(mu_);
  --inside_;
  left_.NotifyAll();
}

grpc::ServerUnaryReactor* IngestService::IngestArticle(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  v1::IngestArticleRequest message;
  absl::Status status = ParseMessage(*request, message);
  if (status.ok()) status = budget_->Check();
  if (status.ok()) status = context_.store->CheckSpace();
  if (status.ok() && !Enter()) status = Stopping();
  if (!status.ok()) {
    reactor->Finish(ToGrpcStatus(status));
    return reactor;
  }
  std::vector<LaneArticle> articles;
  articles.push_back(
      {TakeArticle(*message.mutable_article()), message.suppress_alerts()});
  auto single = std::make_shared<SingleIngest>();
  single->reactor = reactor;
  single->response = response;
  const auto lane = IngestLane::Create(
      IngestLane::Options(), *context_.names, *context_.sequencer,
      *context_.analysis_pool, *context_.answer_pool, budget_, [this, single] {
        if (single->Answer()) Leave();
      });
  single->lane = lane;
  lane->Add(std::move(articles), context_.now());
  return reactor;
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*
IngestService::IngestArticles(grpc::CallbackServerContext* /*context*/) {
  if (!Enter()) return new RefusedIngest(Stopping());
  const std::shared_ptr<IngestStream> stream =
      IngestStream::Start(context_, budget_, [this](IngestStream* done) {
        MutexLock lock(mu_);
        streams_.erase(done);
        --inside_;
        left_.NotifyAll();
      });
  bool stop = false;
  {
    MutexLock lock(mu_);
    streams_.insert(stream.get());
    stop = draining_;
  }
  if (stop) stream->Stop(Stopping());
  return stream.get();
}

grpc::ServerUnaryReactor* IngestService::AnalyzeArticle(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::AnalyzeArticleRequest>(
      context, request, response, *context_.analysis_pool,
      [this](v1::AnalyzeArticleRequest& message) {
        return Analyze(context_, message);
      });
}

}  // namespace tocsin
