// Structured logs on stderr: one line an event, a fixed message and fields.
//
//   Log(LogLevel::kInfo, "listening", {{"address", address}});
//
//   2026-11-21T21:40:47.123456Z info listening address=127.0.0.1:7640
//   {"time":"2026-11-21T21:40:47.123456Z","level":"info","message":"listening",
//    "address":"127.0.0.1:7640"}                      (one line)
//
// Messages are fixed so that they can be searched for; what varies is a field.
// Thread-safe. Values are escaped, so an article's text cannot forge a line.
#ifndef TOCSIN_BASE_LOGGING_H_
#define TOCSIN_BASE_LOGGING_H_

#include <initializer_list>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tocsin {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson };

// INVALID_ARGUMENT that lists the accepted words.
absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view text);
absl::StatusOr<LogFormat> ParseLogFormat(absl::string_view text);

// Before the first Log() has effect for all that follow; the default is text
// from kInfo up. Not to be called while other threads log.
void SetUpLogging(LogLevel level, LogFormat format);

// A key of a-z and `_`, and a value. Made in place, in a call of Log().
class LogField {
 public:
  LogField(absl::string_view key, absl::string_view value)
      : key_(key), value_(value) {}
  LogField(absl::string_view key, const char* value)
      : LogField(key, absl::string_view(value)) {}
  LogField(absl::string_view key, const std::string& value)
      : LogField(key, absl::string_view(value)) {}
  LogField(absl::string_view key, const absl::Status& value)
      : key_(key), value_(value.ToString()) {}
  LogField(absl::string_view key, bool value)
      : key_(key), value_(value ? "true" : "false"), bare_(true) {}
  template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T>>>
  LogField(absl::string_view key, T value)
      : key_(key), value_(absl::StrCat(value)), bare_(true) {}

  absl::string_view key() const { return key_; }
  absl::string_view value() const { return value_; }
  // A number or a truth value: JSON writes it without quotes.
  bool bare() const { return bare_; }

 private:
  absl::string_view key_;
  std::string value_;
  bool bare_ = false;
};

void Log(LogLevel level, absl::string_view message,
         std::initializer_list<LogField> fields = {});

// What Log() writes after the level: `message key=value`, or the rest of the
// JSON object. For tests.
std::string FormatLogLine(LogFormat format, absl::string_view message,
                          std::initializer_list<LogField> fields);

}  // namespace tocsin

#endif  // TOCSIN_BASE_LOGGING_H_
