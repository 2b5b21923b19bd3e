// Ack ids: one delivery of one alert to a consumer, as an opaque string.
//
// Bound to the epoch of the log and to the subscription; the check catches what
// was mistyped, cut or sent to the wrong place, not forgery. Pure functions.
#ifndef TOCSIN_PIPELINE_ACK_ID_H_
#define TOCSIN_PIPELINE_ACK_ID_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tocsin {

inline constexpr size_t kMaxAckIdBytes = 64;

struct AckId {
  uint64_t generation = 0;
  uint64_t sequence = 0;
  int attempt = 0;

  friend bool operator==(const AckId&, const AckId&) = default;
};

// What an ack id is bound to, as a number.
uint64_t AckScope(absl::string_view epoch, absl::string_view subscription);

std::string EncodeAckId(uint64_t scope, const AckId& id);
// nullopt for any text that EncodeAckId() did not make for this scope.
std::optional<AckId> DecodeAckId(uint64_t scope, absl::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ACK_ID_H_
