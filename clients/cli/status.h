// Early return on error, as the daemon has it; the client shares no code with
// the daemon.
#ifndef TOCSIN_CLI_STATUS_H_
#define TOCSIN_CLI_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define CLI_RETURN_IF_ERROR(expr)                                       \
  do {                                                                  \
    if (::absl::Status status_ = (expr); !status_.ok()) return status_; \
  } while (false)

// CLI_ASSIGN_OR_RETURN(auto value, F()): may declare `value`.
#define CLI_ASSIGN_OR_RETURN(lhs, expr) \
  CLI_ASSIGN_OR_RETURN_IMPL_(CLI_CONCAT_(status_or_, __LINE__), lhs, expr)

#define CLI_ASSIGN_OR_RETURN_IMPL_(var, lhs, expr) \
  auto var = (expr);                               \
  if (!var.ok()) return std::move(var).status();   \
  lhs = *std::move(var)

#define CLI_CONCAT_(a, b) CLI_CONCAT_INNER_(a, b)
#define CLI_CONCAT_INNER_(a, b) a##b

#endif  // TOCSIN_CLI_STATUS_H_
