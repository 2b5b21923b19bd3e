// Messages of the API as JSON.
#ifndef TOCSIN_CLI_JSON_H_
#define TOCSIN_CLI_JSON_H_

#include <string>

#include "google/protobuf/message.h"

namespace tocsin::cli {

// The proto JSON of `message` on one line, without a line feed: camelCase
// names, fields with default values left out.
std::string ToJson(const google::protobuf::Message& message);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_JSON_H_
