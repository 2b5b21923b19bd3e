// How many bytes of articles may be on their way into the archive at once, over
// all ingest streams, so that many of them do not take all memory.
//
// Bytes count from the moment an article was read until it is durable or
// refused, whatever becomes of its result: so a client that reads no results
// holds nobody up. Thread-safe.
#ifndef TOCSIN_PIPELINE_INGEST_BUDGET_H_
#define TOCSIN_PIPELINE_INGEST_BUDGET_H_

#include <cstddef>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "base/mutex.h"

namespace tocsin {

class IngestBudget {
 public:
  explicit IngestBudget(size_t limit_bytes) : limit_(limit_bytes) {}

  // Never waits and never refuses: what was being read when the limit was
  // reached goes beyond it.
  void Add(size_t bytes);
  void Release(size_t bytes);

  // False at the limit: nobody should read more. Then `when_room` is called
  // once, on a thread that releases, as soon as there is room again.
  bool HasRoom(absl::AnyInvocable<void()> when_room);

  // RESOURCE_EXHAUSTED at twice the limit: so many streams went beyond it at
  // once that what comes now must be refused.
  absl::Status Check() const;

 private:
  const size_t limit_;

  mutable Mutex mu_;
  size_t used_ ABSL_GUARDED_BY(mu_) = 0;
  std::vector<absl::AnyInvocable<void()>> waiting_ ABSL_GUARDED_BY(mu_);
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_INGEST_BUDGET_H_
