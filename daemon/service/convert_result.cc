#include "service/convert_result.h"

#include <utility>

#include "service/status_conversion.h"

namespace tocsin {
namespace {

v1::IngestResult::Outcome OutcomeToProto(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNone:
      return v1::IngestResult::OUTCOME_UNSPECIFIED;
    case Outcome::kStored:
      return v1::IngestResult::STORED;
    case Outcome::kRevised:
      return v1::IngestResult::REVISED;
    case Outcome::kDuplicate:
      return v1::IngestResult::DUPLICATE;
  }
  return v1::IngestResult::OUTCOME_UNSPECIFIED;
}

}  // namespace

void ResultToProto(LaneResult result, v1::IngestResult& proto) {
  if (!result.status.ok()) {
    proto.set_outcome(v1::IngestResult::REJECTED);
    *proto.mutable_error() = ToErrorProto(result.status);
    return;
  }
  proto.set_outcome(OutcomeToProto(result.outcome));
  proto.set_article(std::move(result.article));
  proto.set_revision(result.revision);
  proto.set_alert_count(result.alert_count);
}

}  // namespace tocsin
