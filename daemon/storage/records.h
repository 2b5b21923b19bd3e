// The stored messages of tocsin.storage.v1, under the names that this code
// uses, and times as they stand in them.
#ifndef TOCSIN_STORAGE_RECORDS_H_
#define TOCSIN_STORAGE_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "tocsin/storage/v1/records.pb.h"

namespace tocsin {

using storage::v1::AlertRecord;
using storage::v1::AmountRecord;
using storage::v1::AnalysisRecord;
using storage::v1::ArticleHead;
using storage::v1::ArticleRecord;
using storage::v1::CommitRecord;
using storage::v1::CoverageRecord;
using storage::v1::CursorRecord;
using storage::v1::DeadLetterRecord;
using storage::v1::EmbargoRecord;
using storage::v1::EndedEpoch;
using storage::v1::EntityCounters;
using storage::v1::EntityMentionRecord;
using storage::v1::EntityRecord;
using storage::v1::EntitySighting;
using storage::v1::EpochHistory;
using storage::v1::LinkedAmount;
using storage::v1::MentionList;
using storage::v1::MentionRecord;
using storage::v1::NamedOtherwise;
using storage::v1::NameRecord;
using storage::v1::NearRecord;
using storage::v1::PendingRecord;
using storage::v1::RepeatMark;
using storage::v1::RuleRecord;
using storage::v1::RuleSetRecord;
using storage::v1::SightingRecord;
using storage::v1::SubscriptionRecord;

// The same bytes for the same record, maps included. Returns `buffer`.
const std::string& Serialize(const google::protobuf::MessageLite& record,
                             std::string& buffer);

// Microseconds since the Unix epoch; 0 is unset. A time that is exactly the
// epoch is stored as one microsecond later.
inline int64_t ToMicros(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  return micros == 0 ? 1 : micros;
}
inline int64_t ToMicros(const std::optional<absl::Time>& time) {
  return time.has_value() ? ToMicros(*time) : 0;
}
inline std::optional<absl::Time> FromMicros(int64_t micros) {
  if (micros == 0) return std::nullopt;
  return absl::FromUnixMicros(micros);
}

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_RECORDS_H_
