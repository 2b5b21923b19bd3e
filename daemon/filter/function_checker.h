// Checks calls of the filter language's functions.
#ifndef TOCSIN_FILTER_FUNCTION_CHECKER_H_
#define TOCSIN_FILTER_FUNCTION_CHECKER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "filter/filter.h"
#include "filter/program.h"
#include "filter/syntax.h"

namespace tocsin {

struct CheckedCall {
  Condition condition;
  bool is_number = false;  // To be compared; else it holds or not.
};

// `call` is a kCall.
absl::StatusOr<CheckedCall> CheckCall(absl::string_view text, FilterPlace place,
                                      const SyntaxNode& call);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_FUNCTION_CHECKER_H_
