#include "cli/article_file.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "cli/text.h"
#include "google/protobuf/util/json_util.h"

namespace tocsin::cli {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsBlank(absl::string_view line) {
  return absl::StripAsciiWhitespace(line).empty();
}

// Takes the first line off `rest`, without its line feed.
absl::string_view TakeLine(absl::string_view& rest) {
  const size_t end = rest.find('\n');
  const absl::string_view line = rest.substr(0, end);
  rest = end == absl::string_view::npos ? absl::string_view()
                                        : rest.substr(end + 1);
  return line;
}

// What protobuf says of bad JSON is several lines with a picture, or
// `(place): sentence`; its first sentence is enough.
std::string JsonProblem(absl::string_view message) {
  message = message.substr(0, message.find('\n'));
  absl::ConsumePrefix(&message, "(): ");
  constexpr absl::string_view kUnknown = ": Cannot find field.";
  if (absl::ConsumeSuffix(&message, kUnknown)) {
    absl::ConsumePrefix(&message, "(");
    absl::ConsumeSuffix(&message, ")");
    absl::ConsumePrefix(&message, "): ");
    if (const size_t end = message.find("): "); end != message.npos) {
      message = message.substr(end + 3);
    }
    return absl::StrCat("an article has no field '", Printable(message),
                        "'; its fields are id, source, uri, language, "
                        "published_at, updated_at, embargo_until, urgency, "
                        "byline, headline and body");
  }
  return absl::StrCat("not the JSON of an article: ", Printable(message));
}

}  // namespace

absl::Status CheckUtf8(absl::string_view text) {
  const auto size = static_cast<int32_t>(text.size());
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (int32_t i = 0; i < size;) {
    const int32_t begin = i;
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    if (c >= 0) continue;
    const auto line = 1 + std::count(text.begin(), text.begin() + begin, '\n');
    return absl::InvalidArgumentError(absl::StrFormat(
        "not UTF-8: byte 0x%02X at offset %d, line %d (convert it with `iconv "
        "-f ENCODING -t UTF-8`)",
        bytes[begin], begin, line));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Article> ArticleFromText(absl::string_view id,
                                            absl::string_view content) {
  absl::ConsumePrefix(&content, kByteOrderMark);
  if (absl::Status status = CheckUtf8(content); !status.ok()) return status;
  v1::Article article;
  article.set_id(std::string(id));
  absl::string_view rest = content;
  absl::string_view first;
  while (!rest.empty() && IsBlank(first)) first = TakeLine(rest);
  const absl::string_view headline = absl::StripAsciiWhitespace(first);
  absl::string_view body = rest;
  const bool blank_follows = !rest.empty() && IsBlank(TakeLine(body));
  if (headline.empty() || headline.size() > kMaxHeadlineLine ||
      !blank_follows || IsBlank(body)) {
    article.set_body(std::string(content));
    return article;
  }
  article.set_headline(std::string(headline));
  for (absl::string_view after = body; IsBlank(TakeLine(after));) body = after;
  article.set_body(std::string(body));
  return article;
}

absl::StatusOr<v1::Article> ArticleFromJson(absl::string_view json) {
  absl::ConsumePrefix(&json, kByteOrderMark);
  if (absl::Status status = CheckUtf8(json); !status.ok()) return status;
  v1::Article article;
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(),
                                    static_cast<ptrdiff_t>(json.size())),
      &article);
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        JsonProblem({status.message().data(), status.message().size()}));
  }
  return article;
}

std::string IdFromPath(absl::string_view path) {
  if (const size_t slash = path.rfind('/'); slash != path.npos) {
    path.remove_prefix(slash + 1);
  }
  const size_t dot = path.rfind('.');
  if (dot != path.npos && dot > 0) path = path.substr(0, dot);
  return std::string(path);
}

}  // namespace tocsin::cli
