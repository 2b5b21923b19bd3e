// Any bytes as a rule file, YAML and JSON Lines: reading never crashes, and
// names the file in an error. Bytes from 0x80 up stand for what files hold.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "rules/rule_file.h"
#include "rules/rule_set.h"

namespace {

constexpr const char* kTokens[] = {
    "rules:\n",
    "  - name: a\n",
    "    filter: new(entity)\n",
    "    urgency: 3\n",
    "    labels: {a: b}\n",
    "    once_per: 30d\n",
    "    min_sources: 2 within 6h\n",
    "    mute_until: 2026-11-21\n",
    "    quiet_hours: {time_zone: UTC, start: \"22:00\", end: \"06:00\"}\n",
    "    headline_template: \"{entity.name}\"\n",
    "    disabled: true\n",
    "    filter: |\n",
    "      ",
    "\n",
    "- ",
    "? ",
    ": ",
    "&a ",
    "*a",
    "!t ",
    "<<: ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "# ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "|",
    ">-\n",
    "\t",
    "\\u0041",
    "\\x",
    "{\"name\":\"a\"",
    ",\"filter\":\"new(amount)\"",
    ",\"oncePer\":\"3600s\"",
    "}\n",
    "null",
    "true",
    "1e9",
    "-",
    "~"};

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void Check(const absl::StatusOr<std::vector<tocsin::LocatedRule>>& rules) {
  if (!rules.ok()) {
    Require(absl::StartsWith(rules.status().message(), "file:"),
            "an error names the file");
    return;
  }
  for (const tocsin::LocatedRule& located : *rules) {
    Require(absl::StartsWith(located.place, "file:"), "a rule has a place");
    tocsin::ValidateRule(located.rule).IgnoreError();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    const size_t token = data[i] - 0x80u;
    if (data[i] >= 0x80 && token < std::size(kTokens)) {
      text += kTokens[token];
    } else {
      text.push_back(static_cast<char>(data[i]));
    }
  }
  Check(tocsin::ParseRulesYaml(text, "file"));
  Check(tocsin::ParseRulesJsonLines(text, "file"));
  return 0;
}
