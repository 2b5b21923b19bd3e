// Resume tokens: a position in the alert log as an opaque string.
//
// `<epoch>.<sequence>.<checksum>` in base 36; the checksum catches what was
// mistyped or cut, not forgery.
#ifndef TOCSIN_PIPELINE_RESUME_TOKEN_H_
#define TOCSIN_PIPELINE_RESUME_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tocsin {

// The epoch must not contain a point.
std::string EncodeResumeToken(absl::string_view epoch, uint64_t sequence);

// What a token says.
struct ResumeToken {
  std::string epoch;
  uint64_t sequence = 0;
};

// INVALID_ARGUMENT if it is not a token.
absl::StatusOr<ResumeToken> DecodeResumeToken(absl::string_view token);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_RESUME_TOKEN_H_
