// How RocksDB is set up for our families, each setting with its reason.
#ifndef TOCSIN_STORAGE_STORE_OPTIONS_H_
#define TOCSIN_STORAGE_STORE_OPTIONS_H_

#include <vector>

#include "rocksdb/db.h"
#include "storage/store.h"

namespace tocsin {

rocksdb::DBOptions DatabaseOptions(const StoreOptions& options);

// One for each family, in the order of Family; RocksDB's own `default`, which
// stays empty, is put after them.
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors(
    const StoreOptions& options);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_STORE_OPTIONS_H_
