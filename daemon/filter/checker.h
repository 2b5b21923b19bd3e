// From syntax to meaning: looks names up, checks types, and makes typed
// conditions.
#ifndef TOCSIN_FILTER_CHECKER_H_
#define TOCSIN_FILTER_CHECKER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "filter/filter.h"
#include "filter/program.h"
#include "filter/syntax.h"

namespace tocsin {

// Fills everything of the program but the code. INVALID_ARGUMENT (FilterError)
// names what is wrong and what was expected there.
absl::StatusOr<FilterProgram> CheckFilter(absl::string_view text,
                                          FilterPlace place,
                                          const SyntaxNode& root);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_CHECKER_H_
