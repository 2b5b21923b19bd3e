#include "storage/schema.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace tocsin {
namespace {

// Bytes that end a text and stand for a zero byte inside of one.
constexpr char kEnd = '\x01';
constexpr char kZero = '\xff';

}  // namespace

void AppendNumber(uint64_t number, std::string& key) {
  char bytes[8];
  for (int i = 7; i >= 0; --i) {
    bytes[i] = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  key.append(bytes, 8);
}

void AppendText(absl::string_view text, std::string& key) {
  for (const char c : text) {
    key.push_back(c);
    if (c == '\0') key.push_back(kZero);
  }
  key.push_back('\0');
  key.push_back(kEnd);
}

std::optional<uint64_t> TakeNumber(absl::string_view& key) {
  if (key.size() < 8) return std::nullopt;
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) {
    number = (number << 8) | static_cast<uint8_t>(key[i]);
  }
  key.remove_prefix(8);
  return number;
}

std::optional<std::string> TakeText(absl::string_view& key) {
  std::string text;
  for (size_t i = 0; i + 1 < key.size(); ++i) {
    if (key[i] != '\0') {
      text.push_back(key[i]);
    } else if (key[i + 1] == kEnd) {
      key.remove_prefix(i + 2);
      return text;
    } else if (key[++i] == kZero) {
      text.push_back('\0');
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::string NumberKey(uint64_t number) {
  std::string key;
  AppendNumber(number, key);
  return key;
}

std::string HeadKey(absl::string_view source, absl::string_view id) {
  std::string key;
  key.reserve(source.size() + id.size() + 2);
  AppendText(source, key);
  key.append(id.data(), id.size());
  return key;
}

std::string EmbargoKey(int64_t until_micros, uint64_t commit) {
  // Times before 1970 sort as 1970: they have passed anyway.
  std::string key;
  AppendNumber(until_micros < 0 ? 0 : static_cast<uint64_t>(until_micros), key);
  AppendNumber(commit, key);
  return key;
}

std::string SightingKey(uint64_t entity, uint64_t commit) {
  std::string key;
  AppendNumber(entity, key);
  AppendNumber(~commit, key);
  return key;
}

std::string RuleKey(absl::string_view rule_set, uint64_t generation,
                    absl::string_view name) {
  std::string key;
  AppendText(rule_set, key);
  if (generation != 0) AppendNumber(generation, key);
  key.append(name.data(), name.size());
  return key;
}

KeyRange RuleRange(absl::string_view rule_set, uint64_t generation) {
  if (generation != 0) {
    std::string prefix = RuleKey(rule_set, generation, "");
    std::string end = PrefixEnd(prefix);
    return {std::move(prefix), std::move(end)};
  }
  // After all that have a number, which begins with a zero.
  const std::string prefix = RuleKey(rule_set, 0, "");
  return {prefix + '\x01', PrefixEnd(prefix)};
}

std::optional<RuleKeyParts> ParseRuleKey(absl::string_view key) {
  RuleKeyParts parts;
  std::optional<std::string> rule_set = TakeText(key);
  if (!rule_set.has_value() || key.empty()) return std::nullopt;
  parts.rule_set = *std::move(rule_set);
  if (key[0] != '\0') return parts;
  const std::optional<uint64_t> generation = TakeNumber(key);
  if (!generation.has_value()) return std::nullopt;
  parts.generation = *generation;
  return parts;
}

std::optional<std::string> ParseRuleSetKey(absl::string_view key) {
  if (!absl::ConsumePrefix(&key, "set/")) return std::nullopt;
  return std::string(key);
}

std::string RuleSetKey(absl::string_view rule_set) {
  return absl::StrCat("set/", rule_set);
}

std::string LetterPrefix(absl::string_view subscription) {
  std::string key;
  AppendText(subscription, key);
  return key;
}

std::string LetterKey(absl::string_view subscription, uint64_t sequence) {
  std::string key = LetterPrefix(subscription);
  AppendNumber(sequence, key);
  return key;
}

std::string EntitySubject(uint64_t entity) {
  std::string subject = "e";
  AppendNumber(entity, subject);
  return subject;
}

std::string AmountSubject(uint64_t anchor, absl::string_view amount_key) {
  std::string subject = "a";
  AppendNumber(anchor, subject);
  subject.append(amount_key.data(), amount_key.size());
  return subject;
}

std::string ArticleSubject(uint64_t article) {
  std::string subject = "t";
  AppendNumber(article, subject);
  return subject;
}

std::string MarkKey(absl::string_view rule, absl::string_view subject) {
  return HeadKey(rule, subject);
}

std::string PrefixEnd(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) ++end.back();
  return end;
}

std::optional<EmbargoKeyParts> ParseEmbargoKey(absl::string_view key) {
  const std::optional<uint64_t> until = TakeNumber(key);
  const std::optional<uint64_t> commit = TakeNumber(key);
  if (!until.has_value() || !commit.has_value()) return std::nullopt;
  return EmbargoKeyParts{static_cast<int64_t>(*until), *commit};
}

std::optional<uint64_t> ParseSightingKey(absl::string_view key) {
  if (key.size() != 16) return std::nullopt;
  key.remove_prefix(8);
  return ~*TakeNumber(key);
}

std::optional<LetterKeyParts> ParseLetterKey(absl::string_view key) {
  std::optional<std::string> subscription = TakeText(key);
  const std::optional<uint64_t> sequence = TakeNumber(key);
  if (!subscription.has_value() || !sequence.has_value()) return std::nullopt;
  return LetterKeyParts{*std::move(subscription), *sequence};
}

std::optional<MarkKeyParts> ParseMarkKey(absl::string_view key) {
  std::optional<std::string> rule = TakeText(key);
  if (!rule.has_value()) return std::nullopt;
  return MarkKeyParts{*std::move(rule), std::string(key)};
}

}  // namespace tocsin
