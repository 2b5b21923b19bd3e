// Checks a whole store: that every file is as it was written, that every row
// can be read, and that the rows agree with each other.
//
// Reads everything, so it takes as long as reading the store does.
#ifndef TOCSIN_STORAGE_CHECK_H_
#define TOCSIN_STORAGE_CHECK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/store.h"

namespace tocsin {

struct CheckFinding {
  std::string where;  // A file, or a family and a key of it.
  std::string what;
};

struct CheckReport {
  int64_t files = 0;
  int64_t file_bytes = 0;
  // Files written before files had checksums: their blocks were checked.
  int64_t files_without_checksum = 0;
  int64_t rows = 0;
  int64_t references = 0;  // From one row to another.
  int64_t finding_count = 0;
  std::vector<CheckFinding> findings;  // The first 1,000.
};

// Called now and then: what is being checked, and how much of it is done.
using CheckProgress =
    std::function<void(absl::string_view what, int64_t done, int64_t total)>;

// Damage is a finding. An error means that the check could not be made.
absl::StatusOr<CheckReport> CheckStore(const Store& store,
                                       const CheckProgress& progress);

// The two halves of it.
absl::Status CheckFiles(const Store& store, const CheckProgress& progress,
                        CheckReport& report);
absl::Status CheckRows(const Store& store, const CheckProgress& progress,
                       CheckReport& report);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_CHECK_H_
