// Brings memory nearer that is soon read.
#ifndef TOCSIN_BASE_PREFETCH_H_
#define TOCSIN_BASE_PREFETCH_H_

namespace tocsin {

inline void Prefetch(const void* memory) {
  __builtin_prefetch(memory);
  // GCC leaves out calls of functions that do nothing but prefetch.
  asm volatile("");
}

}  // namespace tocsin

#endif  // TOCSIN_BASE_PREFETCH_H_
