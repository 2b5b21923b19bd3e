// One golden example: a text and what should be found in it. The format is
// told in README.md.
#ifndef TOCSIN_TESTS_GOLDEN_EXAMPLE_H_
#define TOCSIN_TESTS_GOLDEN_EXAMPLE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "text/article.h"

namespace tocsin {

struct Expectation {
  Span span;
  std::string meaning;  // As written.

  // Of a name.
  std::vector<EntityType> types;  // Empty: any.
  std::string key;                // Empty: any.
  std::optional<bool> listed;

  // Of an amount; kUnspecified: it is a name.
  Amount amount;
  bool any_unit = false;
  std::optional<std::string> anchor_key;

  bool is_amount() const { return amount.kind != AmountKind::kUnspecified; }
};

struct Example {
  bool wanted = false;                // Does not work yet.
  Article article;                    // Headline and body only.
  std::vector<Expectation> expected;  // In order of (field, begin).
};

// `line` is not blank and no comment.
absl::StatusOr<Example> ParseExample(absl::string_view line);

// What is wrong with the `found` mention (of `analysis`) where `expected` is
// wanted; empty if nothing is.
std::string Mismatch(const Expectation& expected, const Mention& found,
                     const Analysis& analysis);

// The meaning of a mention, as one would write it in an example.
std::string Describe(const Mention& mention, const Analysis& analysis);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_GOLDEN_EXAMPLE_H_
