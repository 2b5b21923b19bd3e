// tocsin.v1.RuleService: translates and delegates to the rule book.
//
// Thread-safe. Changes run one after another on a thread of their own, for each
// compiles every rule there is and waits for the disk. Backtests take turns on
// another.
#ifndef TOCSIN_SERVICE_RULE_SERVICE_H_
#define TOCSIN_SERVICE_RULE_SERVICE_H_

#include "base/worker_pool.h"
#include "pipeline/rule_book.h"
#include "service/backtest_call.h"
#include "service/context.h"
#include "tocsin/v1/rule_service.grpc.pb.h"

namespace tocsin {

using RuleServiceBase = v1::RuleService::WithRawCallbackMethod_CreateRule<
    v1::RuleService::WithRawCallbackMethod_GetRule<
        v1::RuleService::WithRawCallbackMethod_ListRules<
            v1::RuleService::WithRawCallbackMethod_UpdateRule<
                v1::RuleService::WithRawCallbackMethod_DeleteRule<
                    v1::RuleService::WithRawCallbackMethod_ApplyRules<
                        v1::RuleService::WithRawCallbackMethod_BacktestRule<
                            v1::RuleService::
                                WithRawCallbackMethod_ExplainArticle<
                                    v1::RuleService::
                                        WithRawCallbackMethod_RehearseRules<
                                            v1::RuleService::Service>>>>>>>>>;

class RuleService final : public RuleServiceBase {
 public:
  // The book is not owned and must outlive the service.
  RuleService(const ServiceContext& context, RuleBook& book);

  grpc::ServerUnaryReactor* CreateRule(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetRule(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListRules(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateRule(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteRule(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerReadReactor<grpc::ByteBuffer>* ApplyRules(
      grpc::CallbackServerContext* context,
      grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* BacktestRule(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;

  grpc::ServerUnaryReactor* ExplainArticle(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;

  grpc::ServerUnaryReactor* RehearseRules(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;

  // Ends the backtests that are under way, with UNAVAILABLE.
  void Drain() { backtests_.Drain(); }

 private:
  const ServiceContext context_;
  RuleBook& book_;
  WorkerPool changes_{1};
  BacktestDesk backtests_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_RULE_SERVICE_H_
