// Where the daemon may listen.
#ifndef TOCSIN_APP_LISTEN_ADDRESS_H_
#define TOCSIN_APP_LISTEN_ADDRESS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tocsin {

// OK for HOST:PORT with a loopback HOST (`localhost`, 127.0.0.0/8, `[::1]`) and
// a PORT from 0 to 65535. Any other host is INVALID_ARGUMENT: without TLS and
// tokens, which do not exist yet, only this machine may be trusted.
absl::Status CheckListenAddress(absl::string_view address);

}  // namespace tocsin

#endif  // TOCSIN_APP_LISTEN_ADDRESS_H_
