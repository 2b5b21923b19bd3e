// Rows of the store as the messages that stand in them.
//
// A Reader is whatever has the Get() and Scan() of a Store: a Store, a
// Snapshot. A row that does not parse is DATA_LOSS, and named.
#ifndef TOCSIN_STORAGE_READ_RECORDS_H_
#define TOCSIN_STORAGE_READ_RECORDS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "storage/schema.h"

namespace tocsin {

// A key as people can read it: a number, or its text.
std::string RowName(absl::string_view key);

// DATA_LOSS: `the row 17 of `articles` is damaged`.
absl::Status DamagedRow(Family family, absl::string_view key);

template <typename Record>
bool ParseRecord(absl::string_view value, Record& record) {
  return record.ParseFromArray(value.data(), static_cast<int>(value.size()));
}

// nullopt if there is no such row.
template <typename Record, typename Reader>
absl::StatusOr<std::optional<Record>> ReadRecord(const Reader& reader,
                                                 Family family,
                                                 absl::string_view key) {
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> value,
                          reader.Get(family, key));
  if (!value.has_value()) return std::nullopt;
  Record record;
  if (!ParseRecord(*value, record)) return DamagedRow(family, key);
  return record;
}

// Calls visit(key, record) for the rows from `from` to before `to`, in order of
// their keys, or backwards, as Store::Scan() does. It returns whether to go on,
// as a bool or, if it can fail, as a StatusOr<bool>. The record is the
// visitor's to move from; the next row is parsed into the same one.
template <typename Record, typename Reader, typename Visit>
absl::Status ScanRecords(const Reader& reader, Family family,
                         absl::string_view from, absl::string_view to,
                         bool reverse, Visit visit) {
  absl::Status failure;
  Record record;
  TOCSIN_RETURN_IF_ERROR(
      reader.Scan(family, from, to, reverse,
                  [&](absl::string_view key, absl::string_view value) {
                    if (!ParseRecord(value, record)) {
                      failure = DamagedRow(family, key);
                      return false;
                    }
                    const absl::StatusOr<bool> go_on = visit(key, record);
                    if (!go_on.ok()) failure = go_on.status();
                    return go_on.ok() && *go_on;
                  }));
  return failure;
}

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_READ_RECORDS_H_
