// Faults that tests turn on inside a running program.
//
//   TOCSIN_RETURN_IF_ERROR(TOCSIN_FAILPOINT("store.write.before"));
//   if (TOCSIN_BROKEN("watch.skip")) continue;
//
// Compiled in where assertions are (presets dev, asan and tsan); a release
// build has constants in their place. The environment variable
// TOCSIN_FAILPOINTS turns them on, several separated by commas:
//
//   store.write.before=kill@17    the 17th hit ends the process by SIGKILL
//   store.write.before=error@17   the 17th hit is an INTERNAL error
//   store.write.before=full@17    the 17th hit is RESOURCE_EXHAUSTED
//   watch.skip=break@50           every 50th hit breaks what is promised there,
//                                 so that tests can show that they would notice
//
// All but `break` say `failpoint NAME` on stderr. Thread-safe. A variable
// that cannot be read ends the process at the first hit: a test with a typing
// error must not pass.
#ifndef TOCSIN_BASE_FAILPOINT_H_
#define TOCSIN_BASE_FAILPOINT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#ifndef NDEBUG
#define TOCSIN_FAILPOINT(name) ::tocsin::HitFailpoint(name)
#define TOCSIN_BROKEN(name) ::tocsin::IsBroken(name)
#else
#define TOCSIN_FAILPOINT(name) ::absl::OkStatus()
#define TOCSIN_BROKEN(name) false
#endif

namespace tocsin {

// Counts a hit and does what the environment says; usually nothing.
absl::Status HitFailpoint(absl::string_view name);
bool IsBroken(absl::string_view name);

}  // namespace tocsin

#endif  // TOCSIN_BASE_FAILPOINT_H_
