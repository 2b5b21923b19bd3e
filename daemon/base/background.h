// Work that can wait, beside work that cannot.
#ifndef TOCSIN_BASE_BACKGROUND_H_
#define TOCSIN_BASE_BACKGROUND_H_

#include "absl/functional/function_ref.h"

namespace tocsin {

// Runs `work` on a thread of its own and waits for it. The thread, and those
// that it starts, get a core only where no other thread wants it.
void RunInBackground(absl::FunctionRef<void()> work);

}  // namespace tocsin

#endif  // TOCSIN_BASE_BACKGROUND_H_
