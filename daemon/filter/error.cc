#include "filter/error.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "filter/filter.h"

namespace tocsin {
namespace {

constexpr absl::string_view kPositionPayload = "tocsin.filter.position";
constexpr size_t kMaxShownBytes = 160;  // Of a line, around the place.

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

size_t CodePoints(absl::string_view text) {
  return text.size() - std::count_if(text.begin(), text.end(), IsContinuation);
}

FilterPosition PositionAt(absl::string_view text, size_t offset) {
  const absl::string_view before = text.substr(0, offset);
  const size_t newline = before.rfind('\n');
  const size_t line_start =
      newline == absl::string_view::npos ? 0 : newline + 1;
  FilterPosition position;
  position.line +=
      static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  position.column += static_cast<int>(CodePoints(before.substr(line_start)));
  return position;
}

// The line around `offset` and, below it, a caret; a long line is cut.
std::string ShowPlace(absl::string_view text, size_t offset) {
  size_t begin = text.substr(0, offset).rfind('\n');
  begin = begin == absl::string_view::npos ? 0 : begin + 1;
  size_t end = std::min(text.find('\n', offset), text.size());
  std::string head, tail;
  if (offset - begin > kMaxShownBytes / 2) {
    begin = offset - kMaxShownBytes / 2;
    while (begin < offset && IsContinuation(text[begin])) ++begin;
    head = "...";
  }
  if (end - offset > kMaxShownBytes / 2) {
    end = offset + kMaxShownBytes / 2;
    while (end > offset && IsContinuation(text[end])) --end;
    tail = "...";
  }
  std::string line(text.substr(begin, end - begin));
  for (char& c : line) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  const size_t indent =
      head.size() + CodePoints(text.substr(begin, offset - begin));
  return absl::StrCat("  ", head, line, tail, "\n  ", std::string(indent, ' '),
                      "^");
}

// Edits (insert, delete, replace, swap of neighbours) from `a` to `b`.
size_t Distance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> before(b.size() + 1), row(b.size() + 1),
      next(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        next[j] = std::min(next[j], before[j - 2] + 1);
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

}  // namespace

absl::Status FilterError(absl::string_view text, size_t offset,
                         absl::string_view message) {
  offset = std::min(offset, text.size());
  const FilterPosition position = PositionAt(text, offset);
  absl::Status status = absl::InvalidArgumentError(
      absl::StrCat("line ", position.line, ", column ", position.column, ": ",
                   message, "\n", ShowPlace(text, offset)));
  status.SetPayload(
      kPositionPayload,
      absl::Cord(absl::StrCat(position.line, ":", position.column)));
  return status;
}

std::optional<FilterPosition> FilterErrorPosition(const absl::Status& status) {
  const absl::optional<absl::Cord> payload =
      status.GetPayload(kPositionPayload);
  if (!payload.has_value()) return std::nullopt;
  const std::string text(*payload);
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  FilterPosition position;
  if (!absl::SimpleAtoi(parts.first, &position.line) ||
      !absl::SimpleAtoi(parts.second, &position.column))
    return std::nullopt;
  return position;
}

std::vector<std::string> NearMisses(
    absl::string_view word, const std::vector<absl::string_view>& known) {
  if (word.empty() || word.size() > 64) return {};
  const std::string lower = absl::AsciiStrToLower(word);
  std::vector<std::pair<size_t, std::string>> near;
  for (const absl::string_view candidate : known) {
    const std::string other = absl::AsciiStrToLower(candidate);
    const auto [shorter, longer] = std::minmax({lower.size(), other.size()});
    const size_t most = std::max<size_t>(1, longer / 4);
    // The last part of a dotted name is what people remember.
    const size_t dot = other.rfind('.');
    size_t distance = most + 1;
    if (dot != std::string::npos && lower == other.substr(dot + 1)) {
      distance = 1;
    } else if (longer - shorter <= most) {
      distance = Distance(lower, other);
    }
    if (distance <= most) near.emplace_back(distance, std::string(candidate));
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) {
    return a.first < b.first;
  });
  std::vector<std::string> names;
  for (size_t i = 0; i < near.size() && i < 3; ++i)
    names.push_back(std::move(near[i].second));
  return names;
}

std::string DidYouMean(absl::string_view word,
                       const std::vector<absl::string_view>& known) {
  const std::vector<std::string> near = NearMisses(word, known);
  if (near.empty()) return "";
  std::string text = "; did you mean ";
  for (size_t i = 0; i < near.size(); ++i) {
    if (i > 0) absl::StrAppend(&text, i + 1 == near.size() ? " or " : ", ");
    absl::StrAppend(&text, "`", near[i], "`");
  }
  return text + "?";
}

}  // namespace tocsin
