// Early return on error, for functions that return absl::Status or StatusOr.
//
// In base/ because every layer uses them; abseil has no public version yet.
#ifndef TOCSIN_BASE_STATUS_MACROS_H_
#define TOCSIN_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define TOCSIN_RETURN_IF_ERROR(expr)                                    \
  do {                                                                  \
    if (::absl::Status status_ = (expr); !status_.ok()) return status_; \
  } while (false)

// TOCSIN_ASSIGN_OR_RETURN(auto value, F()): may declare `value`.
#define TOCSIN_ASSIGN_OR_RETURN(lhs, expr)                                  \
  TOCSIN_ASSIGN_OR_RETURN_IMPL_(TOCSIN_MACRO_CONCAT_(status_or_, __LINE__), \
                                lhs, expr)

#define TOCSIN_ASSIGN_OR_RETURN_IMPL_(var, lhs, expr) \
  auto var = (expr);                                  \
  if (!var.ok()) return std::move(var).status();      \
  lhs = *std::move(var)

#define TOCSIN_MACRO_CONCAT_(a, b) TOCSIN_MACRO_CONCAT_INNER_(a, b)
#define TOCSIN_MACRO_CONCAT_INNER_(a, b) a##b

#endif  // TOCSIN_BASE_STATUS_MACROS_H_
