#include "bench_articles.h"

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "article_generator.h"
#include "base/status_macros.h"
#include "tocsin/v1/alert_service.grpc.pb.h"

namespace tocsin {

absl::StatusOr<std::vector<v1::IngestArticlesRequest>> MakeIngestRequests(
    uint64_t seed, uint64_t first, uint64_t count, uint64_t batch) {
  TOCSIN_ASSIGN_OR_RETURN(const ArticleGenerator generator,
                          ArticleGenerator::Create({.seed = seed}));
  std::vector<v1::IngestArticlesRequest> requests;
  for (uint64_t i = 0; i < count; ++i) {
    if (i % batch == 0) requests.emplace_back();
    const Article article = generator.Make(first + i);
    v1::Article* out = requests.back().add_articles();
    out->set_id(article.id);
    out->set_source(article.source);
    out->set_uri(article.uri);
    out->set_language(article.language);
    out->mutable_published_at()->set_seconds(
        absl::ToUnixSeconds(*article.published_at));
    out->set_headline(article.headline);
    out->set_body(article.body);
  }
  return requests;
}

absl::StatusOr<uint64_t> LastSequence(const std::string& address) {
  const auto stub = v1::AlertService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::ListAlertsRequest request;
  request.set_page_size(1);
  v1::ListAlertsResponse response;
  const grpc::Status status = stub->ListAlerts(&context, request, &response);
  if (!status.ok()) return absl::UnavailableError(status.error_message());
  return response.alerts_size() == 0 ? 0 : response.alerts(0).sequence();
}

}  // namespace tocsin
