#include "cli/rpc_error.h"

#include <unicode/utf8.h>

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/text.h"

namespace tocsin::cli {
namespace {

constexpr absl::string_view kMargin = "    ";

// The first `count` characters of `line`; nullopt if it is shorter.
std::optional<absl::string_view> Prefix(absl::string_view line, int count) {
  int32_t i = 0;
  const auto size = static_cast<int32_t>(line.size());
  for (; count > 0; --count) {
    if (i >= size) return std::nullopt;
    U8_FWD_1(reinterpret_cast<const uint8_t*>(line.data()), i, size);
  }
  return line.substr(0, static_cast<size_t>(i));
}

template <class Detail>
std::optional<Detail> DetailOf(const grpc::Status& status) {
  v1::Error error;
  if (!error.ParseFromString(status.error_details())) return std::nullopt;
  for (const google::protobuf::Any& any : error.details()) {
    Detail detail;
    if (any.Is<Detail>() && any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

}  // namespace

std::optional<v1::FieldViolation> ViolationOf(const grpc::Status& status) {
  return DetailOf<v1::FieldViolation>(status);
}

std::optional<size_t> IndexAtFault(const grpc::Status& status) {
  const auto violation = ViolationOf(status);
  if (!violation.has_value()) return std::nullopt;
  const absl::string_view field = violation->field();
  const size_t open = field.find('['), close = field.find(']');
  size_t index = 0;
  if (open == absl::string_view::npos || close == absl::string_view::npos ||
      close < open ||
      !absl::SimpleAtoi(field.substr(open + 1, close - open - 1), &index)) {
    return std::nullopt;
  }
  return index;
}

std::optional<v1::PositionLost> PositionLostOf(const grpc::Status& status) {
  return DetailOf<v1::PositionLost>(status);
}

double RetryDelayOf(const grpc::Status& status) {
  const auto hint = DetailOf<v1::RetryHint>(status);
  if (!hint.has_value()) return 0;
  return static_cast<double>(hint->delay().seconds()) +
         1e-9 * static_cast<double>(hint->delay().nanos());
}

std::string CaretText(absl::string_view text, int line, int column) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (line < 1 || static_cast<size_t>(line) > lines.size() || column < 1) {
    return "";
  }
  const absl::string_view shown = lines[static_cast<size_t>(line) - 1];
  const auto before = Prefix(shown, column - 1);
  if (!before.has_value()) return "";
  return absl::StrCat(kMargin, Printable(shown), "\n", kMargin,
                      PadRight("", DisplayWidth(Printable(*before))), "^");
}

std::string DescribeError(const grpc::Status& status,
                          const std::string& filter) {
  std::string text = PrintableLines(status.error_message());
  const auto violation = ViolationOf(status);
  // A message that shows the place itself is left alone.
  if (!violation.has_value() || absl::StrContains(text, '\n')) return text;
  if (violation->line() == 0) return text;
  const std::string caret =
      CaretText(filter, violation->line(), violation->column());
  if (!caret.empty()) absl::StrAppend(&text, "\n", caret);
  return text;
}

}  // namespace tocsin::cli
