#include "app/listen_address.h"

#include <arpa/inet.h>

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tocsin {
namespace {

bool IsLoopback(absl::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address;
  if (inet_pton(AF_INET, std::string(host).c_str(), &address) != 1) {
    return false;
  }
  return (ntohl(address.s_addr) >> 24) == 127;
}

}  // namespace

absl::Status CheckListenAddress(absl::string_view address) {
  const size_t colon = address.rfind(':');
  int port = -1;
  if (colon == absl::string_view::npos || colon == 0 ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 ||
      port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", address, "' is not HOST:PORT, such as ",
                     "127.0.0.1:7640 or [::1]:7640"));
  }
  if (!IsLoopback(address.substr(0, colon))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", address, "' is not a loopback address. Other machines could ",
        "read and write everything: listening to them needs TLS and ",
        "tokens, which this version does not have. Use 127.0.0.1 and a ",
        "tunnel (such as ssh -L)."));
  }
  return absl::OkStatus();
}

}  // namespace tocsin
