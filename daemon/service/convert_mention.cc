#include "service/convert_mention.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tocsin {
namespace {

v1::Entity MakeEntity(absl::string_view key, const std::string& display_name,
                      int type, bool listed) {
  v1::Entity proto;
  proto.set_name(EntityResourceName(key));
  proto.set_display_name(display_name);
  proto.set_type(static_cast<v1::Entity::Type>(type));
  proto.set_listed(listed);
  return proto;
}

// The store keeps the decimal as text; it was checked when it was written.
double DecimalValue(const std::string& text) {
  double value = 0;
  (void)absl::SimpleAtod(text, &value);
  return value;
}

void SetSpan(int field, uint32_t begin, uint32_t end, v1::Span* span) {
  span->set_field(static_cast<v1::Span::Field>(field));
  span->set_begin(begin);
  span->set_end(end);
}

}  // namespace

std::string EntityResourceName(absl::string_view key) {
  return absl::StrCat("entities/", key);
}

v1::Entity EntityToProto(const Entity& entity) {
  return MakeEntity(entity.key, entity.display_name,
                    static_cast<int>(entity.type), entity.listed);
}

v1::Entity EntityToProto(const storage::v1::EntityMentionRecord& record) {
  return MakeEntity(record.key(), record.display_name(), record.type(),
                    record.listed());
}

v1::Amount AmountToProto(const Amount& amount) {
  v1::Amount proto;
  proto.set_kind(static_cast<v1::Amount::Kind>(amount.kind));
  proto.set_unit(amount.unit);
  proto.set_low(amount.low.value);
  proto.set_high(amount.high.value);
  proto.set_approximate(amount.approximate);
  proto.set_bound(static_cast<v1::Amount::Bound>(amount.bound));
  proto.set_vague(amount.vague);
  return proto;
}

v1::Amount AmountToProto(const storage::v1::AmountRecord& record) {
  v1::Amount proto;
  proto.set_kind(static_cast<v1::Amount::Kind>(record.kind()));
  proto.set_unit(record.unit());
  proto.set_low(DecimalValue(record.low()));
  proto.set_high(DecimalValue(record.high()));
  proto.set_approximate(record.approximate());
  proto.set_bound(static_cast<v1::Amount::Bound>(record.bound()));
  proto.set_vague(record.vague());
  return proto;
}

v1::Mention MentionToProto(const Analysis& analysis, const Mention& mention) {
  v1::Mention proto;
  SetSpan(static_cast<int>(mention.span.field), mention.span.begin,
          mention.span.end, proto.mutable_span());
  proto.set_surface(mention.surface);
  if (mention.entity >= 0) {
    *proto.mutable_entity() = EntityToProto(analysis.entities[mention.entity]);
  } else if (mention.amount >= 0) {
    const Amount& amount = analysis.amounts[mention.amount];
    *proto.mutable_amount() = AmountToProto(amount);
    if (amount.anchor >= 0) {
      proto.set_anchor(
          EntityResourceName(analysis.entities[amount.anchor].key));
    }
  }
  return proto;
}

v1::Mention MentionToProto(const storage::v1::MentionRecord& record) {
  v1::Mention proto;
  SetSpan(static_cast<int>(record.field()), record.begin(), record.end(),
          proto.mutable_span());
  proto.set_surface(record.surface());
  if (record.has_entity()) {
    *proto.mutable_entity() = EntityToProto(record.entity());
  } else if (record.has_amount()) {
    *proto.mutable_amount() = AmountToProto(record.amount());
    if (!record.amount().anchor_key().empty()) {
      proto.set_anchor(EntityResourceName(record.amount().anchor_key()));
    }
  }
  return proto;
}

}  // namespace tocsin
