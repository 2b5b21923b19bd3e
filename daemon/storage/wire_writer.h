// Writes the protobuf wire format by hand, for the rows of which every article
// has many: what storage/row_writer.h builds upon.
//
// A field that is zero or empty is left out, as proto3 does.
#ifndef TOCSIN_STORAGE_WIRE_WRITER_H_
#define TOCSIN_STORAGE_WIRE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace tocsin {

inline constexpr size_t kMaxVarintBytes = 10;

// Both write at `at`, where there must be room, and return the end.
inline char* PutVarint(uint64_t value, char* at) {
  while (value >= 0x80) {
    *at++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<char>(value);
  return at;
}
inline char* PutVarintField(int field, uint64_t value, char* at) {
  if (value == 0) return at;
  *at++ = static_cast<char>(field << 3);  // Fields below 16: one byte.
  return PutVarint(value, at);
}

// These append to a row.
inline void AppendVarint(uint64_t value, std::string& row) {
  char bytes[kMaxVarintBytes];
  row.append(bytes, static_cast<size_t>(PutVarint(value, bytes) - bytes));
}
inline void AppendVarintField(int field, uint64_t value, std::string& row) {
  char bytes[kMaxVarintBytes + 1];
  row.append(bytes,
             static_cast<size_t>(PutVarintField(field, value, bytes) - bytes));
}
inline void AppendFixed32Field(int field, uint32_t value, std::string& row) {
  if (value == 0) return;
  char bytes[5] = {static_cast<char>(field << 3 | 5)};
  std::memcpy(bytes + 1, &value, sizeof(value));  // Little-endian machines.
  row.append(bytes, sizeof(bytes));
}
// A part of its own, empty or not.
inline void AppendPart(int field, absl::string_view part, std::string& row) {
  char bytes[kMaxVarintBytes + 1];
  bytes[0] = static_cast<char>(field << 3 | 2);
  row.append(bytes,
             static_cast<size_t>(PutVarint(part.size(), bytes + 1) - bytes));
  row.append(part.data(), part.size());
}
inline void AppendTextField(int field, absl::string_view text,
                            std::string& row) {
  if (!text.empty()) AppendPart(field, text, row);
}

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_WIRE_WRITER_H_
