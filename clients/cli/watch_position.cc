#include "cli/watch_position.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/time_text.h"

namespace tocsin::cli {
namespace {

constexpr size_t kMaxToken = 1024;

absl::Status Problem(const std::string& path, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("--state ", path, ": ", what, ": ", std::strerror(errno)));
}

}  // namespace

std::optional<v1::StartPosition> ParseStart(absl::string_view from,
                                            absl::Time now,
                                            absl::TimeZone zone) {
  if (from == "now") return std::nullopt;
  v1::StartPosition start;
  uint64_t sequence = 0;
  if (from == "oldest") {
    start.mutable_oldest();
  } else if (absl::SimpleAtoi(from, &sequence)) {
    start.set_after_sequence(sequence);
  } else if (const auto time = ParseTime(from, now, zone); time.ok()) {
    *start.mutable_time() = ToTimestamp(*time);
  } else {
    start.set_resume_token(std::string(from));
  }
  return start;
}

PositionFile::PositionFile(std::string path) : path_(std::move(path)) {}

absl::StatusOr<std::string> PositionFile::Load() const {
  if (access(path_.c_str(), F_OK) != 0 && errno == ENOENT) return "";
  std::ifstream file(path_, std::ios::binary);
  std::string token(kMaxToken + 1, '\0');
  file.read(token.data(), static_cast<std::streamsize>(token.size()));
  if (file.bad() || !file.is_open()) return Problem(path_, "cannot be read");
  token.resize(static_cast<size_t>(file.gcount()));
  absl::StripAsciiWhitespace(&token);
  if (token.size() > kMaxToken ||
      !std::all_of(token.begin(), token.end(),
                   [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return absl::InvalidArgumentError(
        absl::StrCat("--state ", path_,
                     ": holds something else than a resume token; remove it "
                     "to begin anew"));
  }
  return token;
}

absl::Status PositionFile::Save(absl::string_view token) const {
  const std::string next = path_ + ".next";
  const int fd =
      open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return Problem(next, "cannot be written");
  const std::string text = absl::StrCat(token, "\n");
  const bool written = write(fd, text.data(), text.size()) ==
                           static_cast<ssize_t>(text.size()) &&
                       fsync(fd) == 0;
  if (close(fd) != 0 || !written) return Problem(next, "cannot be written");
  if (rename(next.c_str(), path_.c_str()) != 0) {
    return Problem(path_, "cannot be replaced");
  }
  return absl::OkStatus();
}

}  // namespace tocsin::cli
