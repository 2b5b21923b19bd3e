// Brings a store of an older format to the one of this version, step by step.
#ifndef TOCSIN_STORAGE_MIGRATION_H_
#define TOCSIN_STORAGE_MIGRATION_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "storage/store.h"

namespace tocsin {

// From format `from` to the next. A crash in the middle of a step runs it
// again, so it must not mind what it did before.
struct Migration {
  int from;
  std::function<absl::Status(Store&)> run;
};

// One for each format below kFormatVersion, in order.
absl::Span<const Migration> Migrations();

// Takes the steps from `format` on, and calls `done` with the format reached
// after each. FAILED_PRECONDITION if there is no step for it.
absl::Status Migrate(Store& store, int format, int to,
                     absl::Span<const Migration> steps,
                     const std::function<absl::Status(int format)>& done);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_MIGRATION_H_
