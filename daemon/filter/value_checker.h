// Checks the value that a field is compared with.
#ifndef TOCSIN_FILTER_VALUE_CHECKER_H_
#define TOCSIN_FILTER_VALUE_CHECKER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "filter/field_table.h"
#include "filter/program.h"
#include "filter/syntax.h"

namespace tocsin {

struct CheckedValue {
  Condition condition;
  bool negated = false;  // `!=`.
};

// The condition of `field` `compare.op` `value`; `label` is the key where the
// field is a map, else empty. `value` is a kName or a kString.
absl::StatusOr<CheckedValue> CheckValue(absl::string_view text,
                                        const FieldInfo& field,
                                        absl::string_view label,
                                        const SyntaxNode& compare,
                                        const SyntaxNode& value);

// The same for the count that a function returns.
absl::StatusOr<CheckedValue> CheckCount(absl::string_view text,
                                        absl::string_view function,
                                        const SyntaxNode& compare,
                                        const SyntaxNode& value);

// A comparison with the field that makes sense, in backquotes.
std::string ExampleOf(const FieldInfo& field);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_VALUE_CHECKER_H_
