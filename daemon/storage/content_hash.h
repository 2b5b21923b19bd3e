// What tells one revision of an article from another.
#ifndef TOCSIN_STORAGE_CONTENT_HASH_H_
#define TOCSIN_STORAGE_CONTENT_HASH_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tocsin {

// 16 bytes; of headline and body.
std::string ContentHash(absl::string_view headline, absl::string_view body);

}  // namespace tocsin

#endif  // TOCSIN_STORAGE_CONTENT_HASH_H_
