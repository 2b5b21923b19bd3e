// The time, as the whole daemon has it: app/ is the only place that
// reads a clock.
#ifndef TOCSIN_APP_CLOCK_H_
#define TOCSIN_APP_CLOCK_H_

#include "absl/time/time.h"

namespace tocsin {

// The system's. In builds with assertions, moved by the number of seconds in
// the file that the environment variable TOCSIN_CLOCK_FILE names, so that tests
// can set the clock of one daemon; the file is read anew each time.
absl::Time WallClock();

// For deadlines: nobody sets it, it never goes back, and it began anywhere.
absl::Time SteadyClock();

}  // namespace tocsin

#endif  // TOCSIN_APP_CLOCK_H_
