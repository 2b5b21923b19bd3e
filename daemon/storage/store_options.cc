#include "storage/store_options.h"

#include <memory>
#include <string>

#include "rocksdb/cache.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"

namespace tocsin {
namespace {

// Shorter values are kept in the tree: a blob costs a read of its own.
constexpr uint64_t kMinBlobBytes = 512;

absl::string_view NameOf(Family family) {
  return kFamilyNames[static_cast<size_t>(family)];
}

}  // namespace

rocksdb::DBOptions DatabaseOptions(const StoreOptions& options) {
  rocksdb::DBOptions db;
  db.create_missing_column_families = true;
  // A torn tail is what a crash leaves; damage anywhere else is refused. The
  // default would drop everything after the damage in silence.
  db.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.paranoid_checks = true;
  // Of whole files, blob files included: what a check and a backup compare.
  db.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  // One thread writes: nothing to be concurrent with.
  db.allow_concurrent_memtable_write = false;
  db.db_write_buffer_size = options.write_buffer_bytes;
  // How much a start after a crash may have to read again.
  db.max_total_wal_size = options.write_buffer_bytes;
  db.avoid_flush_during_recovery = true;
  db.max_background_jobs = 2;
  // Written back steadily, so that no sync waits for a whole file.
  db.bytes_per_sync = 1 << 20;
  db.keep_log_file_num = 4;
  db.max_log_file_size = 16 << 20;
  db.stats_dump_period_sec = 0;
  db.max_open_files = 1024;
  return db;
}

std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors(
    const StoreOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
  table.format_version = 5;
  // Index and filter blocks count against the cache, so memory is bounded.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  const std::shared_ptr<rocksdb::TableFactory> factory(
      rocksdb::NewBlockBasedTableFactory(table));

  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const absl::string_view name : kFamilyNames) {
    rocksdb::ColumnFamilyOptions family;
    family.table_factory = factory;
    family.write_buffer_size = options.write_buffer_bytes / 2;
    family.disable_auto_compactions = !options.maintain;
    family.level_compaction_dynamic_level_bytes = true;
    family.compression = rocksdb::kLZ4Compression;
    if (name == NameOf(Family::kSightings) ||
        name == NameOf(Family::kCounters) ||
        name == NameOf(Family::kEntities) || name == NameOf(Family::kKeys)) {
      // Batches bring these keys in order: each search begins at the one before
      // that has the same first byte.
      family.memtable_insert_with_hint_prefix_extractor.reset(
          rocksdb::NewFixedPrefixTransform(1));
    }
    if (name == NameOf(Family::kHeads) || name == NameOf(Family::kKeys) ||
        name == NameOf(Family::kMarks)) {
      // Mostly asked for keys that are not there: so is what is in memory.
      family.memtable_prefix_bloom_size_ratio = 0.01;
      family.memtable_whole_key_filtering = true;
    }
    if (name == NameOf(Family::kBodies)) {
      family.enable_blob_files = true;
      family.min_blob_size = kMinBlobBytes;
      family.blob_compression_type = rocksdb::kLZ4Compression;
      family.enable_blob_garbage_collection = true;
    }
    descriptors.emplace_back(std::string(name), family);
  }
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName,
                           rocksdb::ColumnFamilyOptions());
  return descriptors;
}

}  // namespace tocsin
