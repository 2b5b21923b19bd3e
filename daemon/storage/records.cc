#include "storage/records.h"

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace tocsin {

const std::string& Serialize(const google::protobuf::MessageLite& record,
                             std::string& buffer) {
  buffer.clear();
  google::protobuf::io::StringOutputStream stream(&buffer);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  record.SerializeToCodedStream(&coded);
  coded.Trim();
  return buffer;
}

}  // namespace tocsin
