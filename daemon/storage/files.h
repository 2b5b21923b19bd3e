// Small files written so that they are there, whole, after a crash.
#ifndef TOCSIN_STORAGE_FILES_H_
#define TOCSIN_STORAGE_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tocsin {

// At most 64 KiB are read. Errors name the file.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path);

// Made or replaced, and synced; its directory too.
absl::Status WriteSmallFile(const std::string& path, absl::string_view text);

// Replaces `to`; durable when it returns. Both are in one directory.
absl::Status RenameDurably(const std::string& from, const std::string& to);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_FILES_H_
