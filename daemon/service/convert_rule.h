// Rules between the API's messages and plain values.
#ifndef TOCSIN_SERVICE_CONVERT_RULE_H_
#define TOCSIN_SERVICE_CONVERT_RULE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "rules/rule.h"
#include "tocsin/v1/rule.pb.h"

namespace tocsin {

// With its etag. A once_per of for ever is the longest Duration there is.
v1::Rule ToProto(const Rule& rule);

// Zeros become the defaults; what is output only is ignored. INVALID_ARGUMENT
// names the field, without `rule.`. Contents are not checked (ValidateRule).
absl::StatusOr<Rule> FromProto(const v1::Rule& proto);

// Sets the fields of the mask; an empty one or `*` stands for all. Name, set,
// revision and etag are left alone. INVALID_ARGUMENT names `update_mask` or a
// field, as `rule.urgency`.
absl::Status MergeRule(const v1::Rule& proto,
                       const google::protobuf::FieldMask& mask, Rule& rule);

// {rule} of `rules/{rule}`; INVALID_ARGUMENT names `field` if it is not that.
absl::StatusOr<std::string> RuleIdOf(absl::string_view field,
                                     absl::string_view name);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_RULE_H_
