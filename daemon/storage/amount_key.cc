#include "storage/amount_key.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "storage/schema.h"

namespace tocsin {
namespace {

constexpr char kVagueKind = 0x10;
constexpr double kTolerance = 0.02;
constexpr double kCountsWithoutNoun = 1000;

// Sign bytes: all below zero sort before all above.
constexpr char kNegative = '\x7f';
constexpr char kZeroValue = '\x80';
constexpr char kPositive = '\x81';
constexpr int kExponentBias = 0x8000;

Decimal ToDecimal(std::string text) {
  Decimal decimal;
  decimal.value = std::strtod(text.c_str(), nullptr);
  decimal.text = std::move(text);
  return decimal;
}

bool Within(double a, double b) {
  return std::abs(a - b) <= kTolerance * std::max(std::abs(a), std::abs(b));
}

}  // namespace

bool KeyLeavesOutUnit(const Amount& amount) {
  return amount.kind == AmountKind::kCount && !amount.unit_known &&
         std::abs(amount.low.value) >= kCountsWithoutNoun;
}

std::string AmountKeyPrefix(const Amount& amount) {
  std::string key;
  key.push_back(static_cast<char>(static_cast<int>(amount.kind) |
                                  (amount.vague ? kVagueKind : 0)));
  AppendText(KeyLeavesOutUnit(amount) ? absl::string_view()
                                      : absl::string_view(amount.unit),
             key);
  return key;
}

std::string AmountKey(const Amount& amount) {
  std::string key = AmountKeyPrefix(amount);
  AppendDecimal(amount.low.text, key);
  if (amount.high.text != amount.low.text) {
    AppendDecimal(amount.high.text, key);
  }
  return key;
}

std::optional<Amount> ParseAmountKey(absl::string_view key) {
  if (key.empty()) return std::nullopt;
  const int kind = key[0] & ~kVagueKind;
  if (kind < 1 || kind > 3) return std::nullopt;
  Amount amount;
  amount.kind = static_cast<AmountKind>(kind);
  amount.vague = (key[0] & kVagueKind) != 0;
  key.remove_prefix(1);
  std::optional<std::string> unit = TakeText(key);
  std::optional<std::string> low = TakeDecimal(key);
  if (!unit.has_value() || !low.has_value()) return std::nullopt;
  amount.unit = *std::move(unit);
  amount.low = ToDecimal(*std::move(low));
  amount.high = amount.low;
  if (!key.empty()) {
    std::optional<std::string> high = TakeDecimal(key);
    if (!high.has_value() || !key.empty()) return std::nullopt;
    amount.high = ToDecimal(*std::move(high));
  }
  return amount;
}

LowRange LowsNear(double low) {
  const double margin = std::abs(low) * kTolerance * 1.05;
  return LowRange{low - margin, low + margin};
}

bool WithinTwoPercent(double a_low, double a_high, double b_low,
                      double b_high) {
  return Within(a_low, b_low) && Within(a_high, b_high);
}

void AppendDecimal(absl::string_view text, std::string& key) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  // The digits without point and leading zeros, and how many stand before it.
  std::string digits;
  int exponent = 0;
  bool after_point = false;
  for (const char c : text) {
    if (c == '.') {
      after_point = true;
    } else if (c >= '0' && c <= '9') {
      if (digits.empty() && c == '0') {
        if (after_point) --exponent;
        continue;
      }
      digits.push_back(c);
      if (!after_point) ++exponent;
    }
  }
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  if (digits.empty()) {
    key.push_back(kZeroValue);
    return;
  }
  if (digits.size() % 2 == 1) digits.push_back('0');
  key.push_back(negative ? kNegative : kPositive);
  const size_t start = key.size();
  const int biased = std::clamp(exponent + kExponentBias, 0, 0xffff);
  key.push_back(static_cast<char>(biased >> 8));
  key.push_back(static_cast<char>(biased & 0xff));
  for (size_t i = 0; i < digits.size(); i += 2) {
    key.push_back(
        static_cast<char>((digits[i] - '0') * 10 + (digits[i + 1] - '0') + 1));
  }
  key.push_back('\0');
  if (negative) {
    for (size_t i = start; i < key.size(); ++i) {
      key[i] = static_cast<char>(~key[i]);
    }
  }
}

std::optional<std::string> TakeDecimal(absl::string_view& key) {
  if (key.empty()) return std::nullopt;
  const char sign = key[0];
  key.remove_prefix(1);
  if (sign == kZeroValue) return std::string("0");
  if (sign != kPositive && sign != kNegative) return std::nullopt;
  const uint8_t flip = sign == kNegative ? 0xff : 0;
  const auto byte = [&](size_t i) {
    return static_cast<uint8_t>(static_cast<uint8_t>(key[i]) ^ flip);
  };
  if (key.size() < 4) return std::nullopt;
  const int exponent = ((byte(0) << 8) | byte(1)) - kExponentBias;
  std::string digits;
  size_t i = 2;
  for (; i < key.size() && byte(i) != 0; ++i) {
    const int pair = byte(i) - 1;
    if (pair > 99) return std::nullopt;
    digits.push_back(static_cast<char>('0' + pair / 10));
    digits.push_back(static_cast<char>('0' + pair % 10));
  }
  if (i == key.size() || digits.empty()) return std::nullopt;
  key.remove_prefix(i + 1);
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  if (exponent < -1000 || exponent > 1000) return std::nullopt;
  std::string text = flip != 0 ? "-" : "";
  if (exponent <= 0) {
    text += "0." + std::string(static_cast<size_t>(-exponent), '0') + digits;
  } else if (static_cast<size_t>(exponent) >= digits.size()) {
    text += digits + std::string(exponent - digits.size(), '0');
  } else {
    text += digits.substr(0, exponent) + "." + digits.substr(exponent);
  }
  return text;
}

}  // namespace tocsin
