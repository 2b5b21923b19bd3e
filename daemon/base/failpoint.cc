#include "base/failpoint.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tocsin {
namespace {

enum class Action { kKill, kError, kFull, kBreak };

struct Failpoint {
  std::string name;
  Action action = Action::kKill;
  uint64_t at = 1;
  std::atomic<uint64_t> hits{0};
};

[[noreturn]] void Refuse(absl::string_view entry) {
  std::fprintf(stderr, "TOCSIN_FAILPOINTS: '%s' is not NAME=ACTION@COUNT\n",
               std::string(entry).c_str());
  std::abort();
}

std::deque<Failpoint> ReadEnvironment() {
  std::deque<Failpoint> points;
  const char* text = std::getenv("TOCSIN_FAILPOINTS");
  if (text == nullptr) return points;
  for (absl::string_view entry : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> sides =
        absl::StrSplit(entry, absl::MaxSplits('=', 1));
    const std::pair<absl::string_view, absl::string_view> what =
        absl::StrSplit(sides.second, absl::MaxSplits('@', 1));
    Failpoint& point = points.emplace_back();
    point.name = std::string(sides.first);
    if (what.first == "kill") {
      point.action = Action::kKill;
    } else if (what.first == "error") {
      point.action = Action::kError;
    } else if (what.first == "full") {
      point.action = Action::kFull;
    } else if (what.first == "break") {
      point.action = Action::kBreak;
    } else {
      Refuse(entry);
    }
    if (!absl::SimpleAtoi(what.second, &point.at) || point.at == 0) {
      Refuse(entry);
    }
  }
  return points;
}

// Never destroyed: threads may hit failpoints until the process ends.
std::deque<Failpoint>& Points() {
  static auto& points = *new std::deque<Failpoint>(ReadEnvironment());
  return points;
}

}  // namespace

absl::Status HitFailpoint(absl::string_view name) {
  for (Failpoint& point : Points()) {
    if (point.action == Action::kBreak || point.name != name) continue;
    if (++point.hits != point.at) continue;
    std::fprintf(stderr, "failpoint %s\n", point.name.c_str());
    if (point.action == Action::kKill) {
      kill(getpid(), SIGKILL);
      pause();  // The other threads run on for a moment; this one must not.
    }
    const std::string what = absl::StrCat("failpoint ", name);
    return point.action == Action::kFull ? absl::ResourceExhaustedError(what)
                                         : absl::InternalError(what);
  }
  return absl::OkStatus();
}

bool IsBroken(absl::string_view name) {
  for (Failpoint& point : Points()) {
    if (point.action != Action::kBreak || point.name != name) continue;
    if (++point.hits % point.at == 0) return true;
  }
  return false;
}

}  // namespace tocsin
