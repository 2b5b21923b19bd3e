// What the services stand on. They hold no state of their own but the calls
// that are under way.
#ifndef TOCSIN_SERVICE_CONTEXT_H_
#define TOCSIN_SERVICE_CONTEXT_H_

#include <string>

#include "absl/time/time.h"
#include "base/worker_pool.h"
#include "pipeline/alert_feed.h"
#include "pipeline/name_book.h"
#include "pipeline/sequencer.h"
#include "pipeline/subscription_book.h"
#include "storage/store.h"

namespace tocsin {

// Nothing is owned; all outlive the services. A plain value, to be copied.
struct ServiceContext {
  Store* store = nullptr;
  AlertFeed* feed = nullptr;
  Sequencer* sequencer = nullptr;
  SubscriptionBook* subscriptions = nullptr;
  // Has the analyzer.
  NameBook* names = nullptr;
  // For analysis: as many threads as cores, and others go first.
  WorkerPool* analysis_pool = nullptr;
  // For the results of ingest.
  WorkerPool* answer_pool = nullptr;
  // For what reads the store, so that a long read holds up neither analysis
  // nor gRPC's own threads.
  WorkerPool* query_pool = nullptr;
  // The time of day; app/ gives the system's.
  absl::Time (*now)() = nullptr;
  // For deadlines: never goes back, and begins anywhere.
  absl::Time (*steady_now)() = nullptr;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONTEXT_H_
