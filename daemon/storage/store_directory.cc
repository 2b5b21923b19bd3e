#include "storage/store_directory.h"

#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/files.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

constexpr char kMarker[] = "TOCSIN";
constexpr char kNewMarker[] = "TOCSIN.new";
constexpr char kRestoreMarker[] = "TOCSIN.restoring";
constexpr absl::string_view kMarkerText = "tocsin store, format ";

std::string MarkerLine(int format) {
  return absl::StrCat(kMarkerText, format, "\n");
}

}  // namespace

std::string StoreDirectory::In(absl::string_view name) const {
  return (fs::path(path_) / std::string(name)).string();
}

absl::StatusOr<int> StoreDirectory::Examine() const {
  std::error_code error;
  fs::create_directory(path_, error);
  if (error || !fs::is_directory(path_, error)) {
    return absl::PermissionDeniedError(absl::StrCat(
        "cannot make the data directory ", path_, ": ",
        error ? error.message() : "it exists and is not a directory"));
  }
  if (fs::exists(In(kMarker), error)) return ReadMarker(In(kMarker));
  if (fs::exists(In(kRestoreMarker), error)) {
    return absl::FailedPreconditionError(
        absl::StrCat("a restore into ", path_,
                     " did not finish. Run it again: tocsind --restore"));
  }
  const bool begun = fs::exists(In(kNewMarker), error);
  fs::directory_iterator entries(path_, error);
  if (error) {
    return absl::PermissionDeniedError(absl::StrCat(
        "cannot read the data directory ", path_, ": ", error.message()));
  }
  for (const fs::directory_entry& entry : entries) {
    // What mkfs leaves in the root of a file system is nobody's.
    if (begun || entry.path().filename() == "lost+found") continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the data directory ", path_, " is not empty and not a store: it has ",
        entry.path().filename().string(),
        ". Give a new or an empty directory"));
  }
  return 0;
}

absl::StatusOr<int> StoreDirectory::ReadMarker(
    const std::string& marker) const {
  TOCSIN_ASSIGN_OR_RETURN(const std::string text, ReadSmallFile(marker));
  int format = 0;
  absl::string_view line = text;
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (line.substr(0, kMarkerText.size()) != kMarkerText ||
      !absl::SimpleAtoi(line.substr(kMarkerText.size()), &format) ||
      format < 1 || text != MarkerLine(format)) {
    return absl::DataLossError(absl::StrCat(
        marker, " is damaged: it says `", absl::Utf8SafeCHexEscape(line), "`"));
  }
  if (format > kFormatVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the data directory ", path_, " has format ", format, " (its file ",
        kMarker, "); this version reads up to ", kFormatVersion,
        ". Start the newer version that wrote it"));
  }
  std::error_code error;
  const std::string current = database() + "/CURRENT";
  if (!fs::exists(current, error)) {
    return absl::DataLossError(
        absl::StrCat("the data directory ", path_,
                     " is a store whose database is gone: no ", current,
                     ". Put it back, or restore a backup into a new directory "
                     "(tocsind --restore)"));
  }
  return format;
}

absl::Status StoreDirectory::BeginAs(absl::string_view marker) const {
  TOCSIN_RETURN_IF_ERROR(
      WriteSmallFile(In(marker), MarkerLine(kFormatVersion)));
  std::error_code error;
  fs::remove_all(database(), error);
  if (!error) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("cannot remove ", database(), ": ", error.message()));
}

absl::Status StoreDirectory::Begin() const { return BeginAs(kNewMarker); }

absl::Status StoreDirectory::BeginRestore() const {
  std::error_code error;
  if (!fs::exists(In(kRestoreMarker), error)) {
    TOCSIN_ASSIGN_OR_RETURN(const int format, Examine());
    if (format != 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(path_,
                       " is a store already. Give a new or an empty "
                       "directory to restore into"));
    }
  }
  return BeginAs(kRestoreMarker);
}

absl::Status StoreDirectory::SetFormat(int format) const {
  const std::string written = In(kMarker) + ".tmp";
  TOCSIN_RETURN_IF_ERROR(WriteSmallFile(written, MarkerLine(format)));
  return RenameDurably(written, In(kMarker));
}

absl::Status StoreDirectory::Finish(int format) const {
  TOCSIN_RETURN_IF_ERROR(SetFormat(format));
  std::error_code ignored;  // Beside the marker they say nothing.
  fs::remove(In(kNewMarker), ignored);
  fs::remove(In(kRestoreMarker), ignored);
  return absl::OkStatus();
}

}  // namespace tocsin
