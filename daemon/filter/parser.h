// Parses a filter by the grammar of AIP-160.
//
//   filter     = [ expression ]
//   expression = sequence { "AND" sequence }
//   sequence   = factor { factor }            side by side: AND
//   factor     = term { "OR" term }           OR binds closer than AND
//   term       = [ "NOT" | "-" ] ( restriction | "(" expression ")" )
//   restriction= comparable [ operator arg ]
//   comparable = name { "." name } [ "(" [ arg { "," arg } ] ")" ] | string
//   arg        = [ "-" ] comparable | "(" expression ")"
//
// Names are not looked up here.
#ifndef TOCSIN_FILTER_PARSER_H_
#define TOCSIN_FILTER_PARSER_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "filter/syntax.h"

namespace tocsin {

// nullopt for a text of nothing but white space. INVALID_ARGUMENT (FilterError)
// if it is longer than kMaxFilterBytes, nested deeper than kMaxFilterDepth, not
// UTF-8, or not in the grammar.
absl::StatusOr<std::optional<SyntaxNode>> ParseFilter(absl::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_PARSER_H_
