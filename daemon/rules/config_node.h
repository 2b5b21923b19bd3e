// A small tree of what a YAML document or a line of JSON says, with places for
// errors. Bounded before it is built, so that no hostile file can blow it up.
#ifndef TOCSIN_RULES_CONFIG_NODE_H_
#define TOCSIN_RULES_CONFIG_NODE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tocsin {

struct ConfigEntry;

struct ConfigNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string scalar;  // As text, whatever its type.
  std::vector<ConfigNode> list;
  std::vector<ConfigEntry> map;  // In their order.
  int line = 0;                  // From 1; 0: unknown.
  int column = 0;
};

// A key, which is a scalar, and its value.
struct ConfigEntry {
  ConfigNode key;
  ConfigNode value;
};

// Limits of a file.
inline constexpr size_t kMaxYamlBytes = 4 << 20;
inline constexpr size_t kMaxJsonLineBytes = 64 << 10;
inline constexpr int kMaxConfigDepth = 8;

// One YAML document of at most kMaxYamlBytes. Anchors, aliases and tags are
// refused: a few lines of them can stand for gigabytes. INVALID_ARGUMENT whose
// message begins with `line:column: `.
absl::StatusOr<ConfigNode> ParseYaml(absl::string_view text);

// One JSON value. INVALID_ARGUMENT begins with `line:column: `, where the line
// is `line`.
absl::StatusOr<ConfigNode> ParseJsonLine(absl::string_view text, int line);

}  // namespace tocsin

#endif  // TOCSIN_RULES_CONFIG_NODE_H_
