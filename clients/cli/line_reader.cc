#include "cli/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/status.h"

namespace tocsin::cli {
namespace {

constexpr size_t kChunk = 256 << 10;
constexpr int kIdleMillis = 100;

}  // namespace

LineReader::LineReader(int fd, size_t max_line, std::function<bool()> idle)
    : fd_(fd), max_line_(max_line), idle_(std::move(idle)) {}

bool LineReader::WaitReadable() {
  pollfd fd = {fd_, POLLIN, 0};
  int timeout = 0;
  for (;;) {
    const int ready = poll(&fd, 1, timeout);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    if (idle_ && !idle_()) return false;
    timeout = kIdleMillis;
  }
}

absl::StatusOr<bool> LineReader::Fill() {
  if (ended_) return false;
  if (!WaitReadable()) {
    ended_ = true;
    return false;
  }
  buffer_.erase(0, begin_);
  begin_ = 0;
  const size_t old_size = buffer_.size();
  buffer_.resize(old_size + kChunk);
  ssize_t n;
  do {
    n = read(fd_, buffer_.data() + old_size, kChunk);
  } while (n < 0 && errno == EINTR);
  buffer_.resize(old_size + (n > 0 ? static_cast<size_t>(n) : 0));
  if (n < 0) {
    ended_ = true;
    return absl::DataLossError(
        absl::StrCat("cannot be read: ", std::strerror(errno)));
  }
  ended_ = n == 0;
  return n > 0;
}

absl::StatusOr<std::optional<absl::string_view>> LineReader::Next() {
  bool too_long = false;
  size_t searched = begin_;
  for (;;) {
    const size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      const absl::string_view line =
          absl::string_view(buffer_).substr(begin_, end - begin_);
      begin_ = end + 1;
      ++line_;
      if (too_long || line.size() > max_line_) break;
      return line;
    }
    if (buffer_.size() - begin_ > max_line_) {
      too_long = true;
      begin_ = buffer_.size();
    }
    searched = buffer_.size() - begin_;
    CLI_ASSIGN_OR_RETURN(const bool more, Fill());
    if (more) continue;
    const absl::string_view line = absl::string_view(buffer_).substr(begin_);
    begin_ = buffer_.size();
    if (line.empty() && !too_long) return std::nullopt;
    ++line_;
    if (too_long) break;
    return line;
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("the line is longer than ", max_line_ >> 20, " MiB"));
}

absl::StatusOr<std::string> LineReader::Rest() {
  for (;;) {
    if (buffer_.size() - begin_ > max_line_) {
      return absl::ResourceExhaustedError(
          absl::StrCat("is larger than ", max_line_ >> 20, " MiB"));
    }
    CLI_ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) break;
  }
  std::string rest = buffer_.substr(begin_);
  begin_ = buffer_.size();
  return rest;
}

void LineReader::PutBack(std::string rest) {
  buffer_ = std::move(rest);
  begin_ = 0;
}

absl::StatusOr<std::optional<char>> LineReader::Peek() {
  for (;;) {
    const size_t found = buffer_.find_first_not_of(" \t\r\n", begin_);
    if (found != std::string::npos) return buffer_[found];
    CLI_ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) return std::nullopt;
  }
}

}  // namespace tocsin::cli
