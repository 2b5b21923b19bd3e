#include "rules_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/background.h"
#include "tocsin/v1/ingest_service.grpc.pb.h"
#include "tocsin/v1/rule_service.grpc.pb.h"

namespace tocsin {
namespace {

constexpr uint64_t kRulesAMessage = 1000;
constexpr absl::Duration kPace = absl::Milliseconds(10);

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

v1::IngestArticlesRequest RequestOf(const Article& article) {
  v1::IngestArticlesRequest request;
  v1::Article& proto = *request.add_articles();
  proto.set_id(article.id);
  proto.set_source(article.source);
  proto.set_language(article.language);
  proto.set_headline(article.headline);
  proto.set_body(article.body);
  return request;
}

AckTimes Summarize(std::vector<double> milliseconds) {
  AckTimes times;
  times.count = milliseconds.size();
  if (milliseconds.empty()) return times;
  std::sort(milliseconds.begin(), milliseconds.end());
  times.p50_ms = milliseconds[times.count / 2];
  times.p99_ms = milliseconds[times.count * 99 / 100];
  times.longest_ms = milliseconds.back();
  return times;
}

}  // namespace

std::vector<v1::ApplyRulesRequest> ApplyRequests(
    uint64_t count, absl::FunctionRef<Rule(uint64_t number)> make) {
  std::vector<v1::ApplyRulesRequest> requests;
  for (uint64_t i = 0; i < count; ++i) {
    if (i % kRulesAMessage == 0) requests.emplace_back();
    const Rule rule = make(i);
    v1::Rule& proto = *requests.back().add_rules();
    proto.set_name(rule.name);
    proto.set_filter(rule.filter);
  }
  requests.front().set_rule_set("bench");
  return requests;
}

absl::StatusOr<absl::Duration> TimeApply(
    const std::string& address,
    const std::vector<v1::ApplyRulesRequest>& requests) {
  const auto stub = v1::RuleService::NewStub(Connect(address));
  grpc::ClientContext context;
  v1::ApplyRulesResponse response;
  const absl::Time start = absl::Now();
  const auto writer = stub->ApplyRules(&context, &response);
  for (const v1::ApplyRulesRequest& request : requests) {
    if (!writer->Write(request)) break;  // Finish() says why.
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!status.ok())
    return absl::UnavailableError(
        absl::StrCat("ApplyRules: ", status.error_message()));
  return absl::Now() - start;
}

AckTimes PacedIngest::Run(absl::Duration how_long) {
  const absl::Time end = absl::Now() + how_long;
  return RunUntil([&] { return absl::Now() >= end; });
}

AckTimes PacedIngest::RunWhile(absl::FunctionRef<void()> work) {
  std::atomic<bool> done = false;
  std::thread worker([&] {
    RunInBackground(work);
    done = true;
  });
  const AckTimes times = RunUntil([&] { return done.load(); });
  worker.join();
  return times;
}

AckTimes PacedIngest::RunUntil(absl::FunctionRef<bool()> is_over) {
  const auto stub = v1::IngestService::NewStub(Connect(address_));
  grpc::ClientContext context;
  const auto stream = stub->IngestArticles(&context);
  std::mutex mu;
  std::vector<absl::Time> sent;
  std::vector<double> milliseconds;
  // Results come in the order of the articles.
  std::thread reader([&] {
    v1::IngestArticlesResponse response;
    while (stream->Read(&response)) {
      const absl::Time now = absl::Now();
      const std::lock_guard<std::mutex> lock(mu);
      for (int i = 0; i < response.results_size(); ++i) {
        if (response.results(i).outcome() != v1::IngestResult::STORED)
          status_.Update(
              absl::InternalError(response.results(i).ShortDebugString()));
        milliseconds.push_back(
            absl::ToDoubleMilliseconds(now - sent[milliseconds.size()]));
      }
    }
  });
  absl::Time next = absl::Now();
  while (!is_over()) {
    const v1::IngestArticlesRequest request =
        RequestOf(maker_.MakeArticle(next_article_++, rule_count_));
    absl::SleepFor(next - absl::Now());
    next += kPace;
    {
      const std::lock_guard<std::mutex> lock(mu);
      sent.push_back(absl::Now());
    }
    if (!stream->Write(request)) break;
  }
  stream->WritesDone();
  reader.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok())
    status_.Update(absl::UnavailableError(status.error_message()));
  return Summarize(std::move(milliseconds));
}

}  // namespace tocsin
