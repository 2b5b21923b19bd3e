#include "service/convert_name.h"

#include <string>

#include "absl/strings/strip.h"

namespace tocsin {

NameRecord FromProto(const v1::ListedName& proto) {
  NameRecord name;
  name.set_id(std::string(absl::StripPrefix(proto.id(), "entities/")));
  name.set_display_name(proto.display_name());
  name.set_type(v1::Entity::Type_IsValid(proto.type()) ? proto.type() : 0);
  *name.mutable_aliases() = proto.aliases();
  return name;
}

v1::ListedName ToProto(const NameRecord& name) {
  v1::ListedName proto;
  proto.set_id(name.id());
  proto.set_display_name(name.display_name());
  proto.set_type(static_cast<v1::Entity::Type>(name.type()));
  *proto.mutable_aliases() = name.aliases();
  return proto;
}

}  // namespace tocsin
