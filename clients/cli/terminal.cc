#include "cli/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tocsin::cli {
namespace {

int WidthOf(int fd) {
  // COLUMNS is for tests and for people who want another width.
  int columns = 0;
  if (const char* text = std::getenv("COLUMNS");
      text != nullptr && absl::SimpleAtoi(text, &columns) && columns > 0) {
    return columns;
  }
  winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

bool WantsColour() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  return term == nullptr || std::strcmp(term, "dumb") != 0;
}

}  // namespace

Terminal Terminal::ForProcess() {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  Terminal out(terminal && WantsColour(),
               terminal ? WidthOf(STDOUT_FILENO) : 0);
  out.stderr_is_terminal_ = isatty(STDERR_FILENO) == 1;
  return out;
}

std::string Terminal::Wrapped(absl::string_view code,
                              absl::string_view text) const {
  if (!colour_ || text.empty()) return std::string(text);
  return absl::StrCat("\x1b[", code, "m", text, "\x1b[0m");
}

std::string Terminal::Mark(absl::string_view text) const {
  if (!colour_) return absl::StrCat("[", text, "]");
  return Wrapped("1;33", text);
}
std::string Terminal::Bold(absl::string_view text) const {
  return Wrapped("1", text);
}
std::string Terminal::Dim(absl::string_view text) const {
  return Wrapped("2", text);
}
std::string Terminal::Urgent(absl::string_view text) const {
  return Wrapped("1;31", text);
}

void Terminal::Print(absl::string_view text) {
  if (error_ != 0) return;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    error_ = errno;
  }
}

void Terminal::Note(absl::string_view line) const {
  std::fflush(stdout);
  const std::string text =
      absl::StrCat(progress_shown_ ? "\r\x1b[K" : "", line, "\n");
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void Terminal::Progress(absl::string_view line) {
  if (!stderr_is_terminal_) return;
  const std::string text = absl::StrCat("\r\x1b[K", line);
  std::fwrite(text.data(), 1, text.size(), stderr);
  progress_shown_ = true;
}

void Terminal::ClearProgress() {
  if (progress_shown_) std::fputs("\r\x1b[K", stderr);
  progress_shown_ = false;
}

absl::Status Terminal::Flush() {
  errno = 0;
  if (std::fflush(stdout) != 0 && error_ == 0) error_ = errno;
  if (error_ == 0) return absl::OkStatus();
  if (error_ == EPIPE) return absl::CancelledError("the reader went away");
  return absl::DataLossError(
      absl::StrCat("cannot write to standard output: ", std::strerror(error_)));
}

bool Terminal::ReaderIsGone() const {
  pollfd fd = {STDOUT_FILENO, 0, 0};
  return poll(&fd, 1, 0) == 1 && (fd.revents & POLLERR) != 0;
}

}  // namespace tocsin::cli
