#include "cli/marked_text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/text.h"

namespace tocsin::cli {
namespace {

std::string WrapLines(absl::string_view text, int width) {
  std::string out;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    for (const std::string& part : Wrap(line, width)) {
      absl::StrAppend(&out, part, "\n");
    }
  }
  return out;
}

}  // namespace

std::string MarkedText(absl::string_view text,
                       const std::vector<v1::Mention>& mentions,
                       v1::Span::Field field, const Terminal& out) {
  std::vector<v1::Span> spans;
  for (const v1::Mention& mention : mentions) {
    if (mention.span().field() == field) spans.push_back(mention.span());
  }
  std::sort(spans.begin(), spans.end(),
            [](const v1::Span& a, const v1::Span& b) {
              return a.begin() != b.begin() ? a.begin() < b.begin()
                                            : a.end() > b.end();
            });
  std::string marked;
  size_t done = 0;
  for (const v1::Span& span : spans) {
    if (span.begin() < done || span.end() > text.size() ||
        span.begin() >= span.end()) {
      continue;
    }
    absl::StrAppend(
        &marked, PrintableLines(text.substr(done, span.begin() - done)),
        out.Mark(
            Printable(text.substr(span.begin(), span.end() - span.begin()))));
    done = span.end();
  }
  absl::StrAppend(&marked, PrintableLines(text.substr(done)));
  return marked;
}

std::string MarkedArticle(const v1::Article& article,
                          const std::vector<v1::Mention>& mentions,
                          const Terminal& out) {
  std::string text;
  if (!article.headline().empty()) {
    absl::StrAppend(&text,
                    WrapLines(MarkedText(article.headline(), mentions,
                                         v1::Span::HEADLINE, out),
                              out.width()),
                    "\n");
  }
  absl::string_view body = article.body();
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r')) {
    body.remove_suffix(1);
  }
  absl::StrAppend(
      &text,
      WrapLines(MarkedText(body, mentions, v1::Span::BODY, out), out.width()));
  return text;
}

}  // namespace tocsin::cli
