// Work that can wait, beside work that cannot.
#ifndef TOCSIN_BASE_BACKGROUND_H_
#define TOCSIN_BASE_BACKGROUND_H_

#include "absl/functional/function_ref.h"

namespace tocsin {

// How much other threads go before one: 0 is usual, 19 is nearly always. What
// comes late on the way of an article goes before what comes early, or it would
// wait for its turn among everything that has not come so far.
inline constexpr int kAnalysisNiceness = 5;
inline constexpr int kFlushNiceness = 5;
inline constexpr int kCompactionNiceness = 10;

// From now on other threads of the process go before the calling one so much.
// On Linux, where niceness is a thread's own; it cannot be taken back.
void LetOthersGoFirst(int niceness);

// Runs `work` on a thread of its own and waits for it. The thread, and those
// that it starts, get a core only where no other thread wants it.
void RunInBackground(absl::FunctionRef<void()> work);

}  // namespace tocsin

#endif  // TOCSIN_BASE_BACKGROUND_H_
