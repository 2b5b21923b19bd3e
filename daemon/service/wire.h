// Messages to and from bytes, for methods that take them raw.
//
// gRPC answers UNIMPLEMENTED to a unary request that it cannot parse, and takes
// one in a stream for the end of the stream. Raw methods can say what is wrong,
// to the field whose text is not UTF-8.
#ifndef TOCSIN_SERVICE_WIRE_H_
#define TOCSIN_SERVICE_WIRE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace tocsin {

// INVALID_ARGUMENT names the field at fault, `article.body`, where one can be
// found. `message` is then in an unspecified state.
absl::Status ParseMessage(const grpc::ByteBuffer& buffer,
                          google::protobuf::Message& message);
absl::Status ParseMessage(absl::string_view bytes,
                          google::protobuf::Message& message);

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_WIRE_H_
