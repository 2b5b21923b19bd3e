#include "service/wire.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "service/status_conversion.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

// The path of the first field that keeps `bytes` from being a `type`; empty if
// it cannot be told. Only reads what is a legal message anyway, and no deeper
// than ours nest.
std::string FindFault(absl::string_view bytes, const Descriptor& type,
                      int depth) {
  UnknownFieldSet fields;
  if (!fields.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return "";
  }
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    const FieldDescriptor* known = type.FindFieldByNumber(field.number());
    if (known == nullptr ||
        field.type() != UnknownField::TYPE_LENGTH_DELIMITED) {
      continue;
    }
    const std::string& value = field.length_delimited();
    if (known->type() == FieldDescriptor::TYPE_STRING && !IsValidUtf8(value)) {
      return known->name();
    }
    if (known->type() == FieldDescriptor::TYPE_MESSAGE && depth < 8) {
      const std::string inner =
          FindFault(value, *known->message_type(), depth + 1);
      if (!inner.empty()) return absl::StrCat(known->name(), ".", inner);
    }
  }
  return "";
}

}  // namespace

absl::Status ParseMessage(absl::string_view bytes,
                          google::protobuf::Message& message) {
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::OkStatus();
  }
  const std::string fault = FindFault(bytes, *message.GetDescriptor(), 0);
  if (!fault.empty()) return FieldError(fault, "is not valid UTF-8");
  return absl::InvalidArgumentError(absl::StrCat(
      "these bytes are not a ", message.GetDescriptor()->full_name()));
}

absl::Status ParseMessage(const grpc::ByteBuffer& buffer,
                          google::protobuf::Message& message) {
  grpc::Slice slice;
  // An empty message may come as no buffer at all.
  if (buffer.Valid() && !buffer.DumpToSingleSlice(&slice).ok()) {
    return absl::InternalError("the request could not be read");
  }
  return ParseMessage(
      absl::string_view(reinterpret_cast<const char*>(slice.begin()),
                        slice.size()),
      message);
}

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message) {
  const size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace tocsin
