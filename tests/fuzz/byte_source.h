// Choices out of the bytes that a fuzzer gives; when they are used up, every
// choice is the first one.
#ifndef TOCSIN_TESTS_FUZZ_BYTE_SOURCE_H_
#define TOCSIN_TESTS_FUZZ_BYTE_SOURCE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tocsin {

class ByteSource {
 public:
  ByteSource(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  bool empty() const { return size_ == 0; }

  uint8_t Byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }

  // From 0 to `count` - 1.
  size_t Below(size_t count) { return count == 0 ? 0 : Byte() % count; }
  // True once in so many.
  bool Once(size_t in) { return Below(in) == in - 1; }

  uint64_t Number() {
    uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | Byte();
    return number;
  }

  std::string Text(size_t most) {
    const size_t size = std::min(Below(most + 1), size_);
    std::string text(reinterpret_cast<const char*>(data_), size);
    data_ += size;
    size_ -= size;
    return text;
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_FUZZ_BYTE_SOURCE_H_
