#include "filter/subject.h"

namespace tocsin {

EntityView ViewOf(const Entity& entity, const Evidence& evidence) {
  return {entity.key, entity.display_name, entity.type, entity.listed,
          evidence};
}

AmountView ViewOf(const Amount& amount, const Evidence& evidence,
                  bool changed) {
  return {amount.kind,
          amount.unit,
          amount.low.value,
          amount.high.value,
          amount.approximate,
          amount.bound,
          amount.vague,
          changed,
          evidence};
}

}  // namespace tocsin
