// Reading lists that come in pages (AIP-158).
#ifndef TOCSIN_CLI_PAGES_H_
#define TOCSIN_CLI_PAGES_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "cli/connection.h"
#include "cli/interrupt.h"
#include "cli/status.h"

namespace tocsin::cli {

inline constexpr int kMaxPage = 1000;

// Calls `each` with each response, until there are no more pages or `limit`
// items (0: no limit) were asked for. `items` counts those of a response.
// Returns whether the list goes on.
template <class Stub, class Request, class Response, class Items, class Each>
absl::StatusOr<bool> ForEachPage(
    const Connection& connection,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    Request request, int64_t limit, const std::string& filter, Items items,
    Each each) {
  int64_t left = limit;
  for (;;) {
    request.set_page_size(static_cast<int32_t>(
        limit == 0 ? kMaxPage : std::min<int64_t>(left, kMaxPage)));
    CLI_ASSIGN_OR_RETURN(const Response response,
                         connection.Call(method, request, filter));
    CLI_RETURN_IF_ERROR(each(response));
    left -= items(response);
    if (response.next_page_token().empty()) return false;
    if ((limit != 0 && left <= 0) || Interrupt::Requested()) return true;
    request.set_page_token(response.next_page_token());
  }
}

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_PAGES_H_
