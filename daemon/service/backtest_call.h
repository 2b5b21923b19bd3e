// Calls of BacktestRule.
//
// A backtest works in short steps on one thread for all of them, so that they
// take turns, none holds up other queries, and a client that does not read
// costs no thread. A response is written between two steps; so at any time a
// call is in a step, has one write under way, or is finished.
#ifndef TOCSIN_SERVICE_BACKTEST_CALL_H_
#define TOCSIN_SERVICE_BACKTEST_CALL_H_

#include <atomic>

#include "base/worker_pool.h"
#include "grpcpp/grpcpp.h"
#include "pipeline/rule_book.h"
#include "service/context.h"

namespace tocsin {

// Each keeps a snapshot and what its rules rang for.
inline constexpr int kMaxBacktests = 8;

// Thread-safe.
class BacktestDesk {
 public:
  // The book is not owned; it and the context outlive the desk, which outlives
  // its calls.
  BacktestDesk(const ServiceContext& context, const RuleBook& book)
      : context_(context), book_(book) {}

  // The call belongs to gRPC: it deletes itself when it is done.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Start(
      const grpc::ByteBuffer& request);

  // Ends those under way with UNAVAILABLE, and refuses others.
  void Drain() { draining_ = true; }

 private:
  friend class BacktestCall;

  const ServiceContext context_;
  const RuleBook& book_;
  std::atomic<bool> draining_{false};
  std::atomic<int> under_way_{0};
  WorkerPool steps_{1};
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_BACKTEST_CALL_H_
