#include "storage/records.h"

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace tocsin {

const std::string& Serialize(const google::protobuf::MessageLite& record,
                             std::string& buffer) {
  const size_t size = record.ByteSizeLong();
  buffer.resize(size);
  google::protobuf::io::ArrayOutputStream stream(buffer.data(),
                                                 static_cast<int>(size));
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  record.SerializeWithCachedSizes(&coded);
  return buffer;
}

}  // namespace tocsin
