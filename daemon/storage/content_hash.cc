#include "storage/content_hash.h"

#include <xxhash.h>

namespace tocsin {

std::string ContentHash(absl::string_view headline, absl::string_view body) {
  XXH3_state_t* state = XXH3_createState();
  XXH3_128bits_reset(state);
  XXH3_128bits_update(state, headline.data(), headline.size());
  // A byte that no UTF-8 text has stands between them.
  XXH3_128bits_update(state, "\xff", 1);
  XXH3_128bits_update(state, body.data(), body.size());
  XXH128_canonical_t hash;
  XXH128_canonicalFromHash(&hash, XXH3_128bits_digest(state));
  XXH3_freeState(state);
  return std::string(reinterpret_cast<const char*>(hash.digest),
                     sizeof(hash.digest));
}

}  // namespace tocsin
