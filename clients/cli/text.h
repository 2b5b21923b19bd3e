// Text on a terminal: how wide it is, how to make it fit, and how to keep what
// strangers wrote from steering the terminal.
//
// All text is UTF-8. Widths are terminal columns: East Asian wide characters
// and emoji take two, combining marks none. Colour sequences that this client
// put in (ESC [ ... m) take none.
#ifndef TOCSIN_CLI_TEXT_H_
#define TOCSIN_CLI_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tocsin::cli {

int DisplayWidth(absl::string_view text);

// `text` for one line of a terminal: every run of white space is one space,
// control characters and direction overrides are gone, and a byte that is not
// UTF-8 is U+FFFD. Anything from an article goes through here first.
std::string Printable(absl::string_view text);

// The same, but line breaks and runs of spaces stay.
std::string PrintableLines(absl::string_view text);

// `text`, cut to at most `width` columns; what was cut ends in an ellipsis.
std::string Truncate(absl::string_view text, int width);

// `text`, filled up with spaces to `width` columns.
std::string PadRight(absl::string_view text, int width);
std::string PadLeft(absl::string_view text, int width);

// Lines of at most `width` columns, broken at spaces; a longer word stands
// alone. A width of 0 breaks nothing.
std::vector<std::string> Wrap(absl::string_view text, int width);

// `text` wrapped, each line after `indent` spaces and ended by a line feed.
std::string Indented(absl::string_view text, int indent, int width);

// "1 article", "2 articles", "1,000 articles".
std::string Counted(int64_t n, absl::string_view one, absl::string_view many);

// "512 bytes", "1.4 GiB".
std::string ByteText(int64_t bytes);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_TEXT_H_
