// What the checker makes of a filter: typed conditions, how they are joined,
// and a flat code that the evaluator runs.
#ifndef TOCSIN_FILTER_PROGRAM_H_
#define TOCSIN_FILTER_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "filter/field_table.h"
#include "filter/filter.h"

namespace tocsin {

// One test of one value; false if the value is absent.
struct Condition {
  enum class Test : uint8_t {
    kPresent,
    kEqual,     // `text`, as the field's type compares; kMap: key and text.
    kGlob,      // `text` with `*` for anything.
    kContains,  // `text` somewhere in it, in any ASCII case.
    kPhrase,    // `words` in this order, in one sentence.
    kNear,      // `words` and `other` at most `number` words apart.
    kHasKey,    // article.entities has `text`.
    kIs,        // Enum or bool: its number is `number`.
    kLess,      // The value (number, or time in microseconds) and `number`.
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kNumberEqual,
    kNew,  // new(entity) or new(amount), by `field`; see `window`.
    kChanged,
    kSources,  // The count over `window`, compared as `compare` with `number`.
    kMentions,
  };

  Test test = Test::kPresent;
  FieldId field = FieldId::kNone;
  Test compare = Test::kNumberEqual;  // kSources, kMentions.
  bool with_vague = false;            // kNew of an amount: vague ones too.
  uint32_t begin = 0;                 // Bytes of the filter's text.
  uint32_t end = 0;
  double number = 0;
  // Microseconds; 0: none.
  int64_t window = 0;
  std::string text;
  std::string key;  // kMap.
  std::vector<uint64_t> words;
  std::vector<uint64_t> other;
};

// A condition, wherever it is kept.
struct ConditionView {
  Condition::Test test = Condition::Test::kPresent;
  FieldId field = FieldId::kNone;
  Condition::Test compare = Condition::Test::kNumberEqual;
  bool with_vague = false;
  double number = 0;
  int64_t window = 0;
  absl::string_view text;
  absl::string_view key;
  absl::Span<const uint64_t> words;
  absl::Span<const uint64_t> other;

  ConditionView() = default;
  // Implicit: a condition is a view of itself.
  ConditionView(const Condition& condition)  // NOLINT
      : test(condition.test),
        field(condition.field),
        compare(condition.compare),
        with_vague(condition.with_vague),
        number(condition.number),
        window(condition.window),
        text(condition.text),
        key(condition.key),
        words(condition.words),
        other(condition.other) {}
};

// Whether testing it looks into the archive.
bool IsScan(const Condition& condition);

// Whether they test the same, wherever they stand.
bool SameTest(const Condition& a, const Condition& b);

// How conditions are joined.
struct ConditionNode {
  enum class Kind : uint8_t { kAnd, kOr, kNot, kLeaf };
  Kind kind = Kind::kLeaf;
  uint32_t condition = 0;  // kLeaf: index into FilterProgram::conditions.
  std::vector<ConditionNode> children;
};

// One step of the code: the top two bits say what to do, the rest with what.
// The machine has one truth value; it ends with the code.
using CodeWord = uint32_t;
enum class CodeOp : uint32_t {
  kTest = 0,         // truth = condition[argument]
  kNot = 1,          // truth = !truth
  kJumpIfFalse = 2,  // to `argument`, if not truth
  kJumpIfTrue = 3,
};
inline constexpr CodeWord MakeCode(CodeOp op, uint32_t argument) {
  return static_cast<uint32_t>(op) << 30 | argument;
}
inline constexpr uint32_t kCodeArgumentMask = (1u << 30) - 1;

struct FilterProgram {
  std::string text;
  FilterPlace place = FilterPlace::kRule;
  FilterAbout about = FilterAbout::kArticle;
  // Of new() over what the filter is about: each, the longest last.
  std::vector<int64_t> windows;
  bool names_changed = false;
  // No condition at all: everything matches.
  bool always = false;
  std::vector<Condition> conditions;  // Distinct.
  ConditionNode root;
  std::vector<CodeWord> code;
};

// Runs `code`, a sequence of CodeWords; `holds(condition index)` is asked at
// most once a step.
template <typename Code, typename Holds>
bool RunCode(const Code& code, const Holds& holds) {
  bool truth = true;
  for (size_t pc = 0; pc < code.size(); ++pc) {
    const uint32_t argument = code[pc] & kCodeArgumentMask;
    switch (static_cast<CodeOp>(code[pc] >> 30)) {
      case CodeOp::kTest:
        truth = holds(argument);
        break;
      case CodeOp::kNot:
        truth = !truth;
        break;
      case CodeOp::kJumpIfFalse:
        if (!truth) pc = argument - 1;
        break;
      case CodeOp::kJumpIfTrue:
        if (truth) pc = argument - 1;
        break;
    }
  }
  return truth;
}

// The code of `root`. Of what stands side by side, that which scans the archive
// (sources, mentions) is asked last.
std::vector<CodeWord> GenerateCode(const ConditionNode& root,
                                   absl::Span<const Condition> conditions);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_PROGRAM_H_
