#include "cli/interrupt.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace tocsin::cli {
namespace {

struct State {
  std::mutex mu;
  std::condition_variable changed;
  int signal = 0;  // Guarded by mu, as is all below.
  std::map<int, std::function<void()>> cancels;  // Of living Scopes, by id.
  int last_id = 0;
};

// Never destroyed: the signal thread outlives main.
State& GetState() {
  static State* const state = new State;
  return *state;
}

void WaitForSignals(sigset_t signals) {
  State& state = GetState();
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) return;
    std::unique_lock<std::mutex> lock(state.mu);
    if (state.signal != 0) _exit(128 + signal);
    state.signal = signal;
    for (const auto& [id, cancel] : state.cancels) cancel();
    state.changed.notify_all();
  }
}

}  // namespace

void Interrupt::Start() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread(WaitForSignals, signals).detach();
}

bool Interrupt::Requested() {
  State& state = GetState();
  std::lock_guard<std::mutex> lock(state.mu);
  return state.signal != 0;
}

int Interrupt::ExitCode() {
  State& state = GetState();
  std::lock_guard<std::mutex> lock(state.mu);
  return 128 + state.signal;
}

void Interrupt::Sleep(double seconds) {
  State& state = GetState();
  std::unique_lock<std::mutex> lock(state.mu);
  state.changed.wait_for(lock, std::chrono::duration<double>(seconds),
                         [&] { return state.signal != 0; });
}

Interrupt::Scope::Scope(std::function<void()> cancel) {
  State& state = GetState();
  std::lock_guard<std::mutex> lock(state.mu);
  if (state.signal != 0) cancel();
  id_ = ++state.last_id;
  state.cancels[id_] = std::move(cancel);
}

Interrupt::Scope::~Scope() {
  State& state = GetState();
  std::lock_guard<std::mutex> lock(state.mu);
  state.cancels.erase(id_);
}

}  // namespace tocsin::cli
