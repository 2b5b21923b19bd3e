// A text with its mentions marked, for a terminal.
#ifndef TOCSIN_CLI_MARKED_TEXT_H_
#define TOCSIN_CLI_MARKED_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/terminal.h"
#include "tocsin/v1/article.pb.h"
#include "tocsin/v1/mention.pb.h"

namespace tocsin::cli {

// `text` on its own lines, printable, with the spans of `field` marked. Spans
// that lie outside it or in another span are left out.
std::string MarkedText(absl::string_view text,
                       const std::vector<v1::Mention>& mentions,
                       v1::Span::Field field, const Terminal& out);

// Headline and body, marked and wrapped to the terminal.
std::string MarkedArticle(const v1::Article& article,
                          const std::vector<v1::Mention>& mentions,
                          const Terminal& out);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_MARKED_TEXT_H_
