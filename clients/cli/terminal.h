// Standard output and standard error, and what is known of who reads them.
#ifndef TOCSIN_CLI_TERMINAL_H_
#define TOCSIN_CLI_TERMINAL_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tocsin::cli {

// Not thread-safe: one thread prints.
class Terminal {
 public:
  // Colour and width are those of a terminal on standard output; NO_COLOR and
  // TERM=dumb switch colour off.
  static Terminal ForProcess();
  // For tests.
  Terminal(bool colour, int width) : colour_(colour), width_(width) {}

  // Columns; 0 if standard output is not a terminal, and nothing is cut.
  int width() const { return width_; }
  bool colour() const { return colour_; }
  bool stderr_is_terminal() const { return stderr_is_terminal_; }

  // Each is the text itself where there is no colour, but for Mark, which then
  // puts the text into [brackets].
  std::string Mark(absl::string_view text) const;
  std::string Bold(absl::string_view text) const;
  std::string Dim(absl::string_view text) const;
  std::string Urgent(absl::string_view text) const;

  // Buffered; see Flush.
  void Print(absl::string_view text);
  // A line on standard error, after what was printed.
  void Note(absl::string_view line) const;
  // A line on standard error that the next one overwrites. Nothing unless
  // standard error is a terminal.
  void Progress(absl::string_view line);
  void ClearProgress();

  // Writes out what was printed. CANCELLED if the reader went away, which is
  // no fault (`tocsin alerts | head`); DATA_LOSS if it could not be written.
  absl::Status Flush();
  // Whether the reader of standard output went away.
  bool ReaderIsGone() const;

 private:
  std::string Wrapped(absl::string_view code, absl::string_view text) const;

  bool colour_ = false;
  int width_ = 0;
  bool stderr_is_terminal_ = false;
  bool progress_shown_ = false;
  int error_ = 0;  // errno of the first write that failed.
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_TERMINAL_H_
