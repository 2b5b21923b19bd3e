// How fast rules are backtested over a stored archive, beside how fast it was
// ingested.
//
// A real daemon takes articles in with its own default rules; then it backtests
// these and others, each alone, over the same connection. Those that were live
// must give exactly the alerts of the log, or nothing is printed but the
// difference.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "bench_articles.h"
#include "bench_program.h"
#include "daemon_process.h"
#include "grpcpp/grpcpp.h"
#include "ingest_client.h"
#include "tocsin/v1/alert_service.grpc.pb.h"
#include "tocsin/v1/rule_service.grpc.pb.h"

namespace tocsin {
namespace {

constexpr uint64_t kBatch = 64;

struct Options {
  uint64_t articles = 10000;
  uint64_t seed = 1;
  std::string tocsind;
  std::string dir;
};

struct Case {
  std::string name;
  v1::BacktestRuleRequest request;
  bool was_live = false;
};

Case Live(const std::string& rule) {
  Case one{rule, {}, true};
  one.request.set_name(absl::StrCat("rules/", rule));
  return one;
}

Case Inline(const std::string& name, const std::string& filter) {
  Case one{name, {}, false};
  one.request.mutable_rule()->set_name("bench");
  one.request.mutable_rule()->set_filter(filter);
  return one;
}

std::vector<Case> Cases() {
  return {
      Live("new-name"),
      Live("new-name-unlisted"),
      Live("new-amount"),
      Inline("rare", "new(amount) AND amount.high >= 900bn"),
      Inline("words", "article.text:\"market\" AND new(entity)"),
      Inline("scan", "mentions(entity, 7d) >= 50 AND entity.type = PERSON"),
  };
}

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

using Alerts = std::vector<v1::Alert>;

absl::StatusOr<Alerts> RunBacktest(grpc::Channel& channel,
                                   const v1::BacktestRuleRequest& request) {
  const auto stub = v1::RuleService::NewStub(
      std::shared_ptr<grpc::Channel>(&channel, [](grpc::Channel*) {}));
  grpc::ClientContext context;
  const auto stream = stub->BacktestRule(&context, request);
  Alerts alerts;
  v1::BacktestRuleResponse response;
  while (stream->Read(&response)) {
    alerts.insert(alerts.end(), response.alerts().begin(),
                  response.alerts().end());
  }
  TOCSIN_RETURN_IF_ERROR(FromGrpc(stream->Finish()));
  return alerts;
}

absl::StatusOr<Alerts> ReadLog(grpc::Channel& channel,
                               const std::string& rule) {
  const auto stub = v1::AlertService::NewStub(
      std::shared_ptr<grpc::Channel>(&channel, [](grpc::Channel*) {}));
  v1::ListAlertsRequest request;
  request.set_page_size(1000);
  request.set_oldest_first(true);
  request.set_filter(absl::StrCat("rule = \"", rule, "\""));
  Alerts alerts;
  do {
    grpc::ClientContext context;
    v1::ListAlertsResponse response;
    TOCSIN_RETURN_IF_ERROR(
        FromGrpc(stub->ListAlerts(&context, request, &response)));
    for (v1::Alert& alert : *response.mutable_alerts()) {
      alert.clear_sequence();
      alert.clear_resume_token();
      alerts.push_back(std::move(alert));
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return alerts;
}

absl::Status ExpectSame(const Alerts& tested, const Alerts& live) {
  for (size_t i = 0; i < std::max(tested.size(), live.size()); ++i) {
    const std::string a = i < tested.size() ? tested[i].DebugString() : "none";
    const std::string b = i < live.size() ? live[i].DebugString() : "none";
    if (a != b) {
      return absl::InternalError(
          absl::StrCat("alert ", i, " differs:\nbacktest ", a, "\nlive ", b));
    }
  }
  return absl::OkStatus();
}

absl::Status Bench(const Options& options) {
  TOCSIN_ASSIGN_OR_RETURN(
      auto requests,
      MakeIngestRequests(options.seed, 0, options.articles, kBatch));
  TOCSIN_ASSIGN_OR_RETURN(DaemonProcess daemon,
                          DaemonProcess::Start(options.tocsind, options.dir));
  TOCSIN_ASSIGN_OR_RETURN(const absl::Duration ingest,
                          TimeIngest(daemon.address(), requests));
  const double articles = static_cast<double>(options.articles);
  const double ingest_rate = articles / absl::ToDoubleSeconds(ingest);
  requests.clear();
  absl::PrintF(
      "backtest_bench: %d articles of 3 KB, seed %d; ingested with %.0f "
      "articles/s\n\n%-18s %10s %10s %8s  %s\n",
      options.articles, options.seed, ingest_rate, "rule", "articles/s",
      "of ingest", "alerts", "as live");
  const auto channel =
      grpc::CreateChannel(daemon.address(), grpc::InsecureChannelCredentials());
  for (const Case& one : Cases()) {
    const absl::Time begin = absl::Now();
    TOCSIN_ASSIGN_OR_RETURN(const Alerts alerts,
                            RunBacktest(*channel, one.request));
    const double rate = articles / absl::ToDoubleSeconds(absl::Now() - begin);
    if (one.was_live) {
      TOCSIN_ASSIGN_OR_RETURN(const Alerts live, ReadLog(*channel, one.name));
      TOCSIN_RETURN_IF_ERROR(ExpectSame(alerts, live));
    }
    absl::PrintF("%-18s %10.0f %10.2f %8d  %s\n", one.name, rate,
                 rate / ingest_rate, alerts.size(), one.was_live ? "yes" : "-");
  }
  absl::PrintF("\ngoal: at least 1.00 of ingest\n");
  return daemon.Stop();
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  tocsin::Options options;
  tocsin::BenchProgram program(
      "backtest_bench",
      "How fast rules are backtested, beside how fast it was ingested",
      options.tocsind, options.dir);
  program.app()
      .add_option("--articles", options.articles)
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  program.app().add_option("--seed", options.seed)->capture_default_str();
  return program.Run(argc, argv, [&] { return tocsin::Bench(options); });
}
