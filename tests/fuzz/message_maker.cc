#include "fuzz/message_maker.h"

#include <limits>

namespace tocsin {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMostDepth = 6;

uint64_t SomeNumber(ByteSource& source) {
  switch (source.Below(6)) {
    case 0:
      return source.Below(4);
    case 1:
      return source.Byte();
    case 2:
      return uint64_t{1} << source.Below(64);
    case 3:
      return std::numeric_limits<uint64_t>::max() - source.Below(3);
    case 4:
      return static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) +
             source.Below(3);
    default:
      return source.Number();
  }
}

std::string SomeText(ByteSource& source, const Dictionary& dictionary) {
  switch (source.Below(8)) {
    case 0:
      return source.Text(255);
    case 1: {  // Long, and soon over a limit.
      std::string text;
      const std::string piece = source.Text(16);
      for (size_t i = source.Below(200); i > 0; --i) text += piece + ". ";
      return text;
    }
    case 2:  // Two that do not belong together.
      return dictionary[source.Below(dictionary.size())] +
             dictionary[source.Below(dictionary.size())];
    default:
      return dictionary[source.Below(dictionary.size())];
  }
}

// Sets the field, or adds to it.
void SetField(ByteSource& source, const Dictionary& dictionary,
              Message& message, const FieldDescriptor* field, int depth) {
  const Reflection* reflection = message.GetReflection();
  const bool add = field->is_repeated();
  const auto set = [&](auto set_one, auto add_one, auto value) {
    if (add) {
      (reflection->*add_one)(&message, field, value);
    } else {
      (reflection->*set_one)(&message, field, value);
    }
  };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return set(&Reflection::SetInt32, &Reflection::AddInt32,
                 static_cast<int32_t>(SomeNumber(source)));
    case FieldDescriptor::CPPTYPE_INT64:
      return set(&Reflection::SetInt64, &Reflection::AddInt64,
                 static_cast<int64_t>(SomeNumber(source)));
    case FieldDescriptor::CPPTYPE_UINT32:
      return set(&Reflection::SetUInt32, &Reflection::AddUInt32,
                 static_cast<uint32_t>(SomeNumber(source)));
    case FieldDescriptor::CPPTYPE_UINT64:
      return set(&Reflection::SetUInt64, &Reflection::AddUInt64,
                 SomeNumber(source));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return set(&Reflection::SetDouble, &Reflection::AddDouble,
                 static_cast<double>(SomeNumber(source)));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return set(&Reflection::SetFloat, &Reflection::AddFloat,
                 static_cast<float>(SomeNumber(source)));
    case FieldDescriptor::CPPTYPE_BOOL:
      return set(&Reflection::SetBool, &Reflection::AddBool, source.Once(2));
    case FieldDescriptor::CPPTYPE_ENUM:
      return set(&Reflection::SetEnumValue, &Reflection::AddEnumValue,
                 static_cast<int>(source.Below(12)));
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = SomeText(source, dictionary);
      if (add) {
        reflection->AddString(&message, field, text);
      } else {
        reflection->SetString(&message, field, text);
      }
      return;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (depth >= kMostDepth) return;
      return Fill(source, dictionary,
                  *(add ? reflection->AddMessage(&message, field)
                        : reflection->MutableMessage(&message, field)),
                  depth + 1);
  }
}

}  // namespace

void Fill(ByteSource& source, const Dictionary& dictionary, Message& message,
          int depth) {
  const auto* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count() && !source.empty(); ++i) {
    const FieldDescriptor* field = type->field(i);
    size_t count = source.Once(4) ? 0 : 1;
    if (field->is_repeated()) count = source.Below(4);
    for (; count > 0; --count) {
      SetField(source, dictionary, message, field, depth);
    }
  }
}

std::string Serialize(ByteSource& source, const Message& message) {
  // Not SerializeToString(): that refuses texts that are not UTF-8 in some
  // builds, and the wire does not.
  std::string bytes;
  message.SerializePartialToString(&bytes);
  switch (source.Below(10)) {
    case 0:
      bytes.resize(source.Below(bytes.size() + 1));
      break;
    case 1:
      if (!bytes.empty()) {
        bytes[source.Number() % bytes.size()] =
            static_cast<char>(source.Byte());
      }
      break;
    case 2:
      bytes += source.Text(64);
      break;
    case 3:
      bytes += bytes;
      break;
    default:
      break;
  }
  return bytes;
}

}  // namespace tocsin
