// SIGINT and SIGTERM, as a condition that any loop can ask for and any call can
// be cancelled by.
//
// Process-wide, because signals are. Start() comes before any thread exists, so
// that only its own thread gets these signals.
#ifndef TOCSIN_CLI_INTERRUPT_H_
#define TOCSIN_CLI_INTERRUPT_H_

#include <functional>

namespace tocsin::cli {

class Interrupt {
 public:
  // From then on the first SIGINT or SIGTERM makes Requested() true, and the
  // second ends the process.
  static void Start();

  static bool Requested();

  // 130 for SIGINT, 143 for SIGTERM, as a shell reports them.
  static int ExitCode();

  // Waits so long, or until the first signal.
  static void Sleep(double seconds);

  // While it lives, `cancel` is called once if the first signal comes, or has
  // come; on another thread or in the constructor.
  class Scope {
   public:
    explicit Scope(std::function<void()> cancel);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    int id_;
  };
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_INTERRUPT_H_
