#include "app/clock.h"

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "absl/time/clock.h"

namespace tocsin {

absl::Time WallClock() {
  absl::Time now = absl::Now();
#ifndef NDEBUG
  static const char* const file = std::getenv("TOCSIN_CLOCK_FILE");
  double seconds = 0;
  if (file != nullptr && std::ifstream(file) >> seconds) {
    now += absl::Seconds(seconds);
  }
#endif
  return now;
}

absl::Time SteadyClock() {
  return absl::UnixEpoch() +
         absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace tocsin
