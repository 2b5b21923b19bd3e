// Entities, amounts and mentions, from plain values and from stored records,
// to the API.
#ifndef TOCSIN_SERVICE_CONVERT_MENTION_H_
#define TOCSIN_SERVICE_CONVERT_MENTION_H_

#include <string>

#include "absl/strings/string_view.h"
#include "detect/mention.h"
#include "tocsin/storage/v1/records.pb.h"
#include "tocsin/v1/mention.pb.h"

namespace tocsin {

// `entities/{key}`; keys are made of characters that need no escape.
std::string EntityResourceName(absl::string_view key);

// From an analysis.
v1::Entity EntityToProto(const Entity& entity);
v1::Amount AmountToProto(const Amount& amount);
v1::Mention MentionToProto(const Analysis& analysis, const Mention& mention);

// From the store.
v1::Entity EntityToProto(const storage::v1::EntityMentionRecord& record);
v1::Amount AmountToProto(const storage::v1::AmountRecord& record);
v1::Mention MentionToProto(const storage::v1::MentionRecord& record);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_CONVERT_MENTION_H_
