#include "filter/function_checker.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "filter/error.h"
#include "filter/literal.h"
#include "filter/phrase.h"

namespace tocsin {
namespace {

using Node = SyntaxNode;
using Test = Condition::Test;

struct Function {
  absl::string_view name;
  absl::string_view usage;
  Test test;
  size_t least_arguments;
  size_t most_arguments;
  bool rules_only;  // Else also where evidence is recorded: in alerts.
  bool is_number;
};

constexpr Function kFunctions[] = {
    {"new", "new(entity), new(amount) or new(entity, 30d)", Test::kNew, 1, 2,
     false, false},
    {"changed", "changed(amount)", Test::kChanged, 1, 1, false, false},
    {"near", "near(\"x\", \"y\", 10)", Test::kNear, 3, 3, true, false},
    {"sources", "sources(entity, 24h) >= 3", Test::kSources, 2, 2, true, true},
    {"mentions", "mentions(entity, 1h) >= 10", Test::kMentions, 2, 2, true,
     true},
};

// Words between the two of near(): more is not near.
constexpr double kMaxNear = 1000;

class CallChecker {
 public:
  CallChecker(absl::string_view text, FilterPlace place, const Node& call)
      : text_(text), place_(place), call_(call) {}

  absl::StatusOr<CheckedCall> Run() {
    TOCSIN_ASSIGN_OR_RETURN(const Function* function, Lookup());
    condition_.test = function->test;
    if (call_.children.size() < function->least_arguments ||
        call_.children.size() > function->most_arguments)
      return FilterError(text_, call_.begin,
                         absl::StrCat("wrong number of arguments; expected ",
                                      function->usage));
    TOCSIN_RETURN_IF_ERROR(CheckArguments(*function));
    return CheckedCall{std::move(condition_), function->is_number};
  }

 private:
  absl::StatusOr<const Function*> Lookup() const {
    std::vector<absl::string_view> names;
    for (const Function& function : kFunctions) {
      names.push_back(function.name);
      if (function.name != call_.text) continue;
      const bool known =
          place_ == FilterPlace::kRule ||
          (place_ == FilterPlace::kAlert && !function.rules_only);
      if (known) return &function;
      return FilterError(
          text_, call_.begin,
          absl::StrCat("`", function.name, "(...)` works only in rules",
                       function.rules_only ? "" : " and filters of alerts"));
    }
    const std::string near = DidYouMean(call_.text, names);
    return FilterError(
        text_, call_.begin,
        absl::StrCat("unknown function `", call_.text, "`",
                     near.empty()
                         ? "; known are new, changed, near, sources, mentions"
                         : near));
  }

  absl::Status CheckArguments(const Function& function) {
    const Node& first = call_.children[0];
    switch (function.test) {
      case Test::kNew:
        if (first.text != "entity" && first.text != "amount")
          return Expected(first, "entity or amount");
        condition_.field =
            first.text == "entity" ? FieldId::kEntity : FieldId::kAmount;
        return call_.children.size() == 2 ? SetWindow(call_.children[1])
                                          : absl::OkStatus();
      case Test::kChanged:
        if (first.text != "amount") return Expected(first, "amount");
        condition_.field = FieldId::kAmount;
        return absl::OkStatus();
      case Test::kNear:
        return CheckNear();
      default:
        if (first.text != "entity") return Expected(first, "entity");
        condition_.field = FieldId::kEntity;
        return SetWindow(call_.children[1]);
    }
  }

  absl::Status CheckNear() {
    for (int i = 0; i < 2; ++i) {
      const Node& argument = call_.children[i];
      std::vector<uint64_t>& words =
          i == 0 ? condition_.words : condition_.other;
      if (argument.kind != Node::Kind::kName &&
          argument.kind != Node::Kind::kString)
        return Expected(argument, "a word or a phrase in quotes");
      words = FoldedWords(argument.text);
      if (words.empty() || words.size() > 64)
        return Expected(argument, "a word or a phrase of at most 64 words");
    }
    if (condition_.words == condition_.other)
      return FilterError(
          text_, call_.children[1].begin,
          "the same words twice; expected something else to be near");
    const Node& last = call_.children[2];
    const std::optional<double> distance =
        last.kind == Node::Kind::kName ? ParseNumber(last.text) : std::nullopt;
    if (!distance.has_value() || *distance < 1 || *distance > kMaxNear ||
        *distance != static_cast<int>(*distance))
      return Expected(
          last, absl::StrCat("a whole number of words from 1 to ", kMaxNear));
    condition_.field = FieldId::kText;
    condition_.number = *distance;
    return absl::OkStatus();
  }

  absl::Status SetWindow(const Node& argument) {
    const std::optional<absl::Duration> window =
        argument.kind == Node::Kind::kName ||
                argument.kind == Node::Kind::kString
            ? ParseSpanOfTime(argument.text)
            : std::nullopt;
    if (!window.has_value())
      return Expected(argument, "a span of time such as 30d, 6h or 1d12h");
    condition_.window = absl::ToInt64Microseconds(*window);
    return absl::OkStatus();
  }

  absl::Status Expected(const Node& argument, absl::string_view what) const {
    return FilterError(
        text_, argument.begin,
        absl::StrCat("expected ", what, " as argument of `", call_.text, "`"));
  }

  const absl::string_view text_;
  const FilterPlace place_;
  const Node& call_;
  Condition condition_;
};

}  // namespace

absl::StatusOr<CheckedCall> CheckCall(absl::string_view text, FilterPlace place,
                                      const SyntaxNode& call) {
  return CallChecker(text, place, call).Run();
}

}  // namespace tocsin
