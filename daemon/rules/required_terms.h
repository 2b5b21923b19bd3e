// What an article must have for a filter to match it: the terms under which a
// rule is filed.
//
// A filter requires a *clause*: at least one of its terms. Of an AND any one
// part's clause will do, so several clauses come back to choose from; of an OR
// the clauses of all parts are needed together.
#ifndef TOCSIN_RULES_REQUIRED_TERMS_H_
#define TOCSIN_RULES_REQUIRED_TERMS_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "filter/program.h"

namespace tocsin {

struct Term {
  enum class Kind : uint8_t { kEntity, kPair, kWord, kSource, kAmount };
  Kind kind = Kind::kWord;
  // What is looked up: see the functions below. kAmount: of the unit.
  uint64_t key = 0;
  // kAmount: one value from low to high of the amount is in here.
  double low = 0;
  double high = 0;

  friend bool operator==(const Term&, const Term&) = default;
};

using Clause = std::vector<Term>;

// Keys of what an article has; never equal for different kinds but by chance.
uint64_t EntityTermKey(absl::string_view entity_key);
uint64_t PairTermKey(uint64_t first_word, uint64_t second_word);
uint64_t WordTermKey(uint64_t word);
uint64_t SourceTermKey(absl::string_view source);
// Empty: any unit.
uint64_t UnitTermKey(absl::string_view unit);

// Every clause that the filter requires by itself; none if it is broad.
std::vector<Clause> RequiredClauses(const FilterProgram& program);

}  // namespace tocsin

#endif  // TOCSIN_RULES_REQUIRED_TERMS_H_
