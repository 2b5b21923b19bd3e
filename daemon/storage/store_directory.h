// What stands in a store's directory beside the database, and whether a
// directory is a store.
//
//   TOCSIN       marker: one line, `tocsin store, format 2`
//   HIGH-WATER   how far the store has come (storage/high_water.h)
//   db/          the RocksDB database
//   backups/     the backups, unless they are kept elsewhere
//
// The marker is written as TOCSIN.new first and renamed when everything else is
// complete, so that a crash while a store is made leaves one that is made anew,
// and a database that vanished is not taken for an empty one. A store that is
// being restored has TOCSIN.restoring instead.
#ifndef TOCSIN_STORAGE_STORE_DIRECTORY_H_
#define TOCSIN_STORAGE_STORE_DIRECTORY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tocsin {

class StoreDirectory {
 public:
  explicit StoreDirectory(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  std::string database() const { return In("db"); }
  std::string high_water() const { return In("HIGH-WATER"); }
  std::string backups() const { return In("backups"); }

  // The format of the store that is there; 0 if there is room for a new one, in
  // a directory that is made if it is missing. Errors as those of Store::Open.
  absl::StatusOr<int> Examine() const;

  // Before and after everything else of a new store is made. What a crash left
  // of an earlier attempt is removed. FAILED_PRECONDITION if there is something
  // else where a restore is to begin.
  absl::Status Begin() const;
  absl::Status BeginRestore() const;
  absl::Status Finish(int format) const;

  // In place of the marker that is there.
  absl::Status SetFormat(int format) const;

 private:
  std::string In(absl::string_view name) const;
  absl::Status BeginAs(absl::string_view marker) const;
  absl::StatusOr<int> ReadMarker(const std::string& marker) const;

  const std::string path_;
};

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_STORE_DIRECTORY_H_
