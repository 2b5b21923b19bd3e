#include "filter/filter.h"

#include <utility>

#include "base/status_macros.h"
#include "filter/checker.h"
#include "filter/contradiction.h"
#include "filter/error.h"
#include "filter/evaluator.h"
#include "filter/parser.h"
#include "filter/program.h"

namespace tocsin {

absl::StatusOr<std::shared_ptr<const Filter>> Filter::Compile(
    absl::string_view text, FilterPlace place) {
  auto program = std::make_unique<FilterProgram>();
  program->place = place;
  TOCSIN_ASSIGN_OR_RETURN(std::optional<SyntaxNode> root, ParseFilter(text));
  if (root.has_value()) {
    TOCSIN_ASSIGN_OR_RETURN(*program, CheckFilter(text, place, *root));
    TOCSIN_RETURN_IF_ERROR(RefuseContradiction(*program));
    program->code = GenerateCode(program->root, program->conditions);
  } else {
    program->always = true;
  }
  return std::shared_ptr<const Filter>(new Filter(std::move(program)));
}

Filter::Filter(std::unique_ptr<const FilterProgram> program)
    : program_(std::move(program)) {}

Filter::~Filter() = default;

bool Filter::Matches(const Subject& subject) const {
  return RunCode(program_->code, [&](uint32_t condition) {
    return Holds(program_->conditions[condition], subject);
  });
}

bool Filter::MatchesButForNew(const Subject& subject) const {
  return program_->always || HoldsButForNew(*program_, subject);
}

NoveltyKind Filter::NoveltyOf(const Subject& subject) const {
  return tocsin::NoveltyOf(program_->about, program_->windows,
                           program_->names_changed, subject);
}

FilterAbout Filter::about() const { return program_->about; }

std::optional<absl::Duration> Filter::window() const {
  if (program_->windows.empty()) return std::nullopt;
  return absl::Microseconds(program_->windows.back());
}

}  // namespace tocsin
