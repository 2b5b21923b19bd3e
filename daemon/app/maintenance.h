// What tocsind does to a store instead of serving it: check it, or make it of a
// backup.
#ifndef TOCSIN_APP_MAINTENANCE_H_
#define TOCSIN_APP_MAINTENANCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "app/config.h"
#include "storage/store.h"

namespace tocsin {

// Names the log of alerts; it has to differ from that of any other store.
std::string RandomEpoch();

StoreOptions StoreOptionsOf(const Config& config);

// Whether --check or --restore was given.
bool IsMaintenance(const Config& config);

// Does it. Findings, figures and what was restored are printed, progress goes
// to stderr. False if a check found something.
absl::StatusOr<bool> Maintain(const Config& config);

}  // namespace tocsin

#endif  // TOCSIN_APP_MAINTENANCE_H_
