// Memory for large tables that are looked at all over the place: in huge pages,
// where the system has any, a look takes no walk through page tables.
#ifndef TOCSIN_BASE_HUGE_PAGES_H_
#define TOCSIN_BASE_HUGE_PAGES_H_

#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace tocsin {

// As std::allocator. Large memory is rounded up to huge pages.
template <typename T>
struct HugePageAllocator {
  using value_type = T;

  HugePageAllocator() = default;
  template <typename U>
  HugePageAllocator(const HugePageAllocator<U>&) {}  // NOLINT: implicit.

  T* allocate(size_t count) {
    if (!IsLarge(count)) return std::allocator<T>().allocate(count);
    const size_t bytes =
        (count * sizeof(T) + kPageBytes - 1) / kPageBytes * kPageBytes;
    void* const memory = ::operator new(bytes, kAlignment);
    madvise(memory, bytes, MADV_HUGEPAGE);  // Small pages do, too.
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t count) {
    if (IsLarge(count)) {
      ::operator delete(memory, kAlignment);
    } else {
      std::allocator<T>().deallocate(memory, count);
    }
  }

  friend bool operator==(HugePageAllocator, HugePageAllocator) { return true; }

 private:
  static constexpr size_t kPageBytes = size_t{2} << 20;
  static constexpr std::align_val_t kAlignment{kPageBytes};

  // A smaller table is not worth a page of its own.
  static bool IsLarge(size_t count) {
    return count * sizeof(T) >= kPageBytes / 8;
  }
};

template <typename T>
using HugePageVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace tocsin

#endif  // TOCSIN_BASE_HUGE_PAGES_H_
