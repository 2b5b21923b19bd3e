#include "base/background.h"

#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace tocsin {
namespace {

// Of 19: far below all others, and yet it comes to an end on a busy machine.
constexpr int kNice = 15;

}  // namespace

void LetOthersGoFirst(int niceness) {
  // From what the process was started with, which its first thread keeps.
  // Threads that this one starts are as nice.
  const int usual = getpriority(PRIO_PROCESS, static_cast<id_t>(getpid()));
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()),
                    usual + niceness);
}

void RunInBackground(absl::FunctionRef<void()> work) {
  std::thread thread([&] {
    LetOthersGoFirst(kNice);
    work();
  });
  thread.join();
}

}  // namespace tocsin
