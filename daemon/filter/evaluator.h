// Tests conditions against a subject.
#ifndef TOCSIN_FILTER_EVALUATOR_H_
#define TOCSIN_FILTER_EVALUATOR_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "filter/program.h"
#include "filter/subject.h"

namespace tocsin {

// Whether the condition holds. A value that is absent holds nothing.
bool Holds(const ConditionView& condition, const Subject& subject);

// As Filter::MatchesButForNew.
bool HoldsButForNew(const FilterProgram& program, const Subject& subject);

// What is new of what a filter is about, given that the filter matches; see
// FilterProgram.
NoveltyKind NoveltyOf(FilterAbout about, absl::Span<const int64_t> windows,
                      bool names_changed, const Subject& subject);

// What the subject has where the condition looks, for a person to read.
std::string ValueShown(const ConditionView& condition, const Subject& subject);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_EVALUATOR_H_
