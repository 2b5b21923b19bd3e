#include "service/backtest_call.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "pipeline/backtest.h"
#include "service/convert_alert.h"
#include "service/convert_rule.h"
#include "service/convert_time.h"
#include "service/status_conversion.h"
#include "service/wire.h"
#include "tocsin/v1/rule_service.pb.h"

namespace tocsin {
namespace {

// Of one step; some 20 ms.
constexpr size_t kArticlesPerStep = 256;
constexpr size_t kAlertsPerResponse = 64;
constexpr absl::Duration kProgressEvery = absl::Milliseconds(200);

using Request = v1::BacktestRuleRequest;

struct Asked {
  std::vector<Rule> rules;
  std::vector<Rule> baseline;
};

absl::StatusOr<Rule> GivenRule(const v1::Rule& proto, absl::string_view field) {
  absl::StatusOr<Rule> rule = FromProto(proto);
  absl::Status status = rule.status();
  if (status.ok()) status = ValidateRule(*rule);
  if (!status.ok()) return InField(field, status);
  return rule;
}

absl::StatusOr<Asked> RulesOf(const Request& request, const RuleBook& book) {
  Asked asked;
  switch (request.what_case()) {
    case Request::kName: {
      TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                              RuleIdOf("name", request.name()));
      TOCSIN_ASSIGN_OR_RETURN(Rule rule, book.Get(id));
      asked.rules.push_back(std::move(rule));
      break;
    }
    case Request::kRule: {
      TOCSIN_ASSIGN_OR_RETURN(Rule rule, GivenRule(request.rule(), "rule"));
      asked.rules.push_back(std::move(rule));
      break;
    }
    case Request::kRules:
      for (int i = 0; i < request.rules().rules_size(); ++i) {
        TOCSIN_ASSIGN_OR_RETURN(
            Rule rule, GivenRule(request.rules().rules(i),
                                 absl::StrCat("rules.rules[", i, "]")));
        asked.rules.push_back(std::move(rule));
      }
      break;
    case Request::WHAT_NOT_SET:
      return FieldError("rule", "give a rule, or the name of a stored one");
  }
  for (Rule& rule : asked.rules) {
    rule.disabled = false;
    if (!request.compare_with_stored()) continue;
    absl::StatusOr<Rule> stored = book.Get(rule.name);
    if (!stored.ok()) continue;
    stored->disabled = false;
    asked.baseline.push_back(*std::move(stored));
  }
  return asked;
}

absl::StatusOr<std::unique_ptr<Backtest>> Prepare(const ServiceContext& context,
                                                  const RuleBook& book,
                                                  const Request& request) {
  TOCSIN_ASSIGN_OR_RETURN(Asked asked, RulesOf(request, book));
  Backtest::Options options;
  TOCSIN_ASSIGN_OR_RETURN(options.rules,
                          RuleSet::Create(std::move(asked.rules)));
  if (!asked.baseline.empty()) {
    TOCSIN_ASSIGN_OR_RETURN(options.baseline,
                            RuleSet::Create(std::move(asked.baseline)));
  }
  if (request.has_start_time()) {
    TOCSIN_ASSIGN_OR_RETURN(options.start,
                            TimeFromProto("start_time", request.start_time()));
  }
  if (request.has_end_time()) {
    TOCSIN_ASSIGN_OR_RETURN(options.end,
                            TimeFromProto("end_time", request.end_time()));
    if (options.end <= options.start) {
      return FieldError("end_time", "is not after start_time");
    }
  }
  return Backtest::Create(*context.store, context.names->analyzer(),
                          std::move(options));
}

}  // namespace

class BacktestCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  BacktestCall(BacktestDesk& desk, const grpc::ByteBuffer& request)
      : desk_(desk) {
    const int others = desk_.under_way_.fetch_add(1);
    if (others >= kMaxBacktests) {
      End(absl::ResourceExhaustedError(
          absl::StrCat(others, " backtests are under way; try again later")));
      return;
    }
    if (const absl::Status parsed = ParseMessage(request, request_);
        !parsed.ok()) {
      End(parsed);
      return;
    }
    desk_.steps_.Add([this] { Begin(); });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) cancelled_ = true;
    desk_.steps_.Add([this] { Step(); });
  }
  void OnCancel() override { cancelled_ = true; }
  void OnDone() override {
    --desk_.under_way_;
    delete this;
  }

 private:
  void Begin() {
    auto prepared = Prepare(desk_.context_, desk_.book_, request_);
    if (!prepared.ok()) return End(prepared.status());
    backtest_ = *std::move(prepared);
    compares_ = request_.compare_with_stored() && backtest_->compares();
    response_.set_articles_total(static_cast<int64_t>(backtest_->total()));
    Write();  // So that the client sees at once how much there is.
  }

  void Step() {
    if (cancelled_) return End(absl::CancelledError("the client went away"));
    if (desk_.draining_) {
      return End(absl::UnavailableError("the daemon is stopping"));
    }
    if (backtest_->at_end()) return End(absl::OkStatus());
    const auto room =
        kAlertsPerResponse - static_cast<size_t>(response_.alerts_size());
    absl::StatusOr<std::vector<Backtest::Ring>> rings =
        backtest_->Next(kArticlesPerStep, room);
    if (!rings.ok()) return End(rings.status());
    for (const Backtest::Ring& ring : *rings) {
      v1::Alert& alert = *response_.add_alerts();
      alert = AlertToProto(ring.alert, "");
      alert.clear_resume_token();
      if (compares_) {
        response_.add_changes(
            static_cast<v1::BacktestRuleResponse::Change>(ring.change));
      }
    }
    response_.set_articles_done(static_cast<int64_t>(backtest_->done()));
    const bool due = desk_.context_.now() - last_write_ >= kProgressEvery;
    if (due || backtest_->at_end() ||
        static_cast<size_t>(response_.alerts_size()) >= kAlertsPerResponse) {
      return Write();
    }
    desk_.steps_.Add([this] { Step(); });  // The others' turn.
  }

  void Write() {
    last_write_ = desk_.context_.now();
    bytes_ = SerializeMessage(response_);
    response_.clear_alerts();
    response_.clear_changes();
    StartWrite(&bytes_);
  }

  void End(const absl::Status& status) {
    backtest_.reset();  // Taking it apart may take a while: not on gRPC's.
    Finish(ToGrpcStatus(status));
  }

  BacktestDesk& desk_;
  std::atomic<bool> cancelled_{false};

  // Of whoever is in a step.
  Request request_;
  std::unique_ptr<Backtest> backtest_;
  bool compares_ = false;
  v1::BacktestRuleResponse response_;
  grpc::ByteBuffer bytes_;
  absl::Time last_write_ = absl::InfinitePast();
};

grpc::ServerWriteReactor<grpc::ByteBuffer>* BacktestDesk::Start(
    const grpc::ByteBuffer& request) {
  return new BacktestCall(*this, request);
}

}  // namespace tocsin
