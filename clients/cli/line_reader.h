// Lines of a file descriptor, of bounded length.
#ifndef TOCSIN_CLI_LINE_READER_H_
#define TOCSIN_CLI_LINE_READER_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tocsin::cli {

// Not thread-safe. Does not own the descriptor.
class LineReader {
 public:
  // `idle` is called again and again while a pipe has nothing to read; it
  // returns false to give up, and the input ends there.
  LineReader(int fd, size_t max_line, std::function<bool()> idle);

  // The next line without its line feed, valid until the next call; nullopt at
  // the end. RESOURCE_EXHAUSTED for a line that is too long, which is skipped:
  // reading may go on. DATA_LOSS if reading failed.
  absl::StatusOr<std::optional<absl::string_view>> Next();

  // The number of the line that Next() gave last, from 1.
  int line() const { return line_; }

  // All that is left, as one; RESOURCE_EXHAUSTED if it is longer than max_line.
  absl::StatusOr<std::string> Rest();
  // What Rest() gave is to be read again.
  void PutBack(std::string rest);

  // The first character that is not white space, without consuming anything;
  // nullopt if nothing is left.
  absl::StatusOr<std::optional<char>> Peek();

 private:
  // Reads more. False at the end.
  absl::StatusOr<bool> Fill();
  bool WaitReadable();

  const int fd_;
  const size_t max_line_;
  const std::function<bool()> idle_;
  std::string buffer_;
  size_t begin_ = 0;  // Of what is not consumed, in buffer_.
  int line_ = 0;
  bool ended_ = false;
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_LINE_READER_H_
