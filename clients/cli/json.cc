#include "cli/json.h"

#include "google/protobuf/util/json_util.h"

namespace tocsin::cli {

std::string ToJson(const google::protobuf::Message& message) {
  std::string json;
  // Fails only on messages that hold an Any of an unknown type.
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json);
  return status.ok() ? json : "{}";
}

}  // namespace tocsin::cli
