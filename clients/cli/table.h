// A table of text columns for a terminal.
#ifndef TOCSIN_CLI_TABLE_H_
#define TOCSIN_CLI_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tocsin::cli {

struct Column {
  std::string title;
  bool right_aligned = false;
  // May be cut to make the table fit the terminal.
  bool flexible = false;
};

// Rows are kept until rendered, because every cell of a column has the same
// width. Cells are printable text (text.h), and may carry colour.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // Missing cells are empty.
  void Add(std::vector<std::string> cells);

  bool empty() const { return rows_.empty(); }

  // Header and rows, each line ended by a line feed. Flexible columns shrink,
  // the widest first, until a line has at most `width` columns; a width of 0
  // cuts nothing.
  std::string Render(int width) const;

 private:
  std::vector<int> Widths(int width) const;

  const std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_TABLE_H_
