// Applies rules over the API, and ingests at a steady pace beside it.
#ifndef TOCSIN_TESTS_BENCH_RULES_CLIENT_H_
#define TOCSIN_TESTS_BENCH_RULES_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "rule_maker.h"
#include "tocsin/v1/rule_service.pb.h"

namespace tocsin {

// The messages of one ApplyRules call, a thousand rules in each.
std::vector<v1::ApplyRulesRequest> ApplyRequests(
    uint64_t count, absl::FunctionRef<Rule(uint64_t number)> make);

// The time from the first message to the answer.
absl::StatusOr<absl::Duration> TimeApply(
    const std::string& address,
    const std::vector<v1::ApplyRulesRequest>& requests);

struct AckTimes {
  size_t count = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double longest_ms = 0;
};

// Articles one by one over one stream, 100 a second, each timed from the write
// to its ack. Not thread-safe.
class PacedIngest {
 public:
  PacedIngest(std::string address, const RuleMaker& maker, uint64_t rule_count)
      : address_(std::move(address)), maker_(maker), rule_count_(rule_count) {}

  AckTimes Run(absl::Duration how_long);
  // While `work` runs, at low priority: a client is on another machine, or
  // should be.
  AckTimes RunWhile(absl::FunctionRef<void()> work);

  // Of the first call that failed.
  const absl::Status& status() const { return status_; }

 private:
  AckTimes RunUntil(absl::FunctionRef<bool()> is_over);

  const std::string address_;
  const RuleMaker& maker_;
  const uint64_t rule_count_;
  uint64_t next_article_ = 0;
  absl::Status status_;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_RULES_CLIENT_H_
