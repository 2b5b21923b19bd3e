// Alerts of the log, to the API and to what filters see.
#ifndef TOCSIN_SERVICE_CONVERT_ALERT_H_
#define TOCSIN_SERVICE_CONVERT_ALERT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "filter/subject.h"
#include "pipeline/alert_feed.h"
#include "pipeline/shared_subscription.h"
#include "storage/records.h"
#include "tocsin/v1/alert.pb.h"

namespace tocsin {

// `kind`: a number of Novelty.Kind.
v1::Novelty NoveltyToProto(int kind, const SightingRecord& evidence);

v1::Alert AlertToProto(const AlertRecord& record, absl::string_view epoch);

// Encodes an alert as field 1 of a message, tag and length included: so a
// WatchAlertsResponse is the alerts' encodings one after the other.
AlertFeed::Encoder MakeAlertEncoder(std::string epoch);

// Matches alerts by a filter of the place kAlert; the empty one matches all.
// INVALID_ARGUMENT names the field `filter`.
absl::StatusOr<AlertMatcher> MakeAlertMatcher(const std::string& filter);

// What a filter of the place kAlert sees. Views `record`.
class AlertSubject {
 public:
  explicit AlertSubject(const AlertRecord& record);
  AlertSubject(const AlertSubject&) = delete;
  AlertSubject& operator=(const AlertSubject&) = delete;

  const Subject& subject() const { return subject_; }

 private:
  std::vector<std::pair<absl::string_view, absl::string_view>> labels_;
  Subject subject_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_ALERT_H_
