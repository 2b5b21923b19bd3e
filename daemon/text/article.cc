#include "text/article.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "text/language.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

absl::Status CheckText(absl::string_view field, absl::string_view text,
                       size_t max_bytes) {
  if (text.size() > max_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("article.", field, ": ", text.size(), " bytes, at most ",
                     max_bytes, " are taken"));
  }
  if (const size_t at = FindInvalidUtf8(text); at != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("article.", field, ": not UTF-8 at byte ", at));
  }
  return absl::OkStatus();
}

// For what names an article: no control characters.
absl::Status CheckName(absl::string_view field, absl::string_view text,
                       size_t max_bytes) {
  if (absl::Status status = CheckText(field, text, max_bytes); !status.ok()) {
    return status;
  }
  for (size_t pos = 0; pos < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, pos);
    if (c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0)) {
      return absl::InvalidArgumentError(
          absl::StrCat("article.", field, ": control character at byte ", pos));
    }
    pos += c.size;
  }
  return absl::OkStatus();
}

// A field that must not be blank either.
absl::Status CheckIdentity(absl::string_view field, absl::string_view text,
                           size_t max_bytes) {
  if (text.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("article.", field, ": is missing"));
  }
  return CheckName(field, text, max_bytes);
}

}  // namespace

absl::Status ValidateArticle(const Article& article) {
  for (const absl::Status& status :
       {CheckIdentity("source", article.source, kMaxSourceBytes),
        CheckIdentity("id", article.id, kMaxIdBytes),
        CheckName("uri", article.uri, kMaxUriBytes),
        CheckText("byline", article.byline, kMaxBylineBytes),
        CheckText("headline", article.headline, kMaxHeadlineBytes),
        CheckText("body", article.body, kMaxBodyBytes)}) {
    if (!status.ok()) return status;
  }
  if (!article.language.empty() && !IsLanguageTag(article.language)) {
    return absl::InvalidArgumentError(
        "article.language: not a BCP 47 language tag, such as `sv` or `de-AT`");
  }
  if (article.urgency < 0 || article.urgency > 9) {
    return absl::InvalidArgumentError(absl::StrCat(
        "article.urgency: ", article.urgency, " is not in 1 to 9"));
  }
  if (article.headline.find_first_not_of(" \t\r\n") == std::string::npos &&
      article.body.find_first_not_of(" \t\r\n") == std::string::npos) {
    return absl::InvalidArgumentError(
        "article.body: headline and body are empty");
  }
  return absl::OkStatus();
}

}  // namespace tocsin
