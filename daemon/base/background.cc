#include "base/background.h"

#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace tocsin {
namespace {

// Of 19: far below all others, and yet it comes to an end on a busy machine.
constexpr int kNice = 15;

}  // namespace

void RunInBackground(absl::FunctionRef<void()> work) {
  std::thread thread([&] {
    // On Linux niceness is a thread's own, and its children have it too. That
    // it cannot be changed back is why this is a thread of its own.
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
    work();
  });
  thread.join();
}

}  // namespace tocsin
