// Finds filters that nothing can match.
#ifndef TOCSIN_FILTER_CONTRADICTION_H_
#define TOCSIN_FILTER_CONTRADICTION_H_

#include "absl/status/status.h"
#include "filter/program.h"

namespace tocsin {

// INVALID_ARGUMENT (FilterError) with the reason, if it is plain from the
// values alone that the filter never matches: every way through its ANDs and
// ORs asks one field for two things at once. Sound, not complete: a filter that
// is let pass may still never match.
absl::Status RefuseContradiction(const FilterProgram& program);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_CONTRADICTION_H_
