// Time that the calling thread worked: unlike time on the wall, the same on a
// busy machine.
#ifndef TOCSIN_TESTS_UNIT_FILTER_CPU_TIME_H_
#define TOCSIN_TESTS_UNIT_FILTER_CPU_TIME_H_

#include <time.h>

namespace tocsin {

inline double CpuMilliseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) +
         1e-6 * static_cast<double>(now.tv_nsec);
}

}  // namespace tocsin

#endif  // TOCSIN_TESTS_UNIT_FILTER_CPU_TIME_H_
