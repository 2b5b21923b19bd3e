// Messages of any type, made by a fuzzer's choices: mostly of values that are
// nearly right, for bytes at random do not get past the first check.
#ifndef TOCSIN_TESTS_FUZZ_MESSAGE_MAKER_H_
#define TOCSIN_TESTS_FUZZ_MESSAGE_MAKER_H_

#include <string>
#include <vector>

#include "fuzz/byte_source.h"
#include "google/protobuf/message.h"

namespace tocsin {

// Texts that mean something to the service: names, tokens, filters.
using Dictionary = std::vector<std::string>;

// Sets some of the fields of `message`, and of the messages in it.
void Fill(ByteSource& source, const Dictionary& dictionary,
          google::protobuf::Message& message, int depth = 0);

// The message serialized, and sometimes damaged: cut off, changed, repeated.
std::string Serialize(ByteSource& source,
                      const google::protobuf::Message& message);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_FUZZ_MESSAGE_MAKER_H_
