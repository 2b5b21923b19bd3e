// Opens the RocksDB database of a store and says what is wrong with it.
#ifndef TOCSIN_STORAGE_OPEN_DATABASE_H_
#define TOCSIN_STORAGE_OPEN_DATABASE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/rocks.h"
#include "storage/store.h"

namespace tocsin {

// `database` is made if `create`; families that it does not have yet are made
// in any case. Errors as those of Store::Open: DATA_LOSS names the file that is
// damaged or missing.
absl::StatusOr<std::unique_ptr<Rocks>> OpenDatabase(const StoreOptions& options,
                                                    const std::string& database,
                                                    bool create);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_OPEN_DATABASE_H_
