// Articles as files hold them: plain text, or the proto JSON of
// tocsin.v1.Article.
#ifndef TOCSIN_CLI_ARTICLE_FILE_H_
#define TOCSIN_CLI_ARTICLE_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tocsin/v1/article.pb.h"

namespace tocsin::cli {

inline constexpr size_t kMaxHeadlineLine = 200;  // Bytes.

// The text of a file is one article. The first non-empty line is the headline
// only if it has at most kMaxHeadlineLine bytes and a blank line follows; else
// all is body. The body's bytes are the file's; a byte order mark is no text.
// INVALID_ARGUMENT if it is not UTF-8: says where, and how to convert it.
absl::StatusOr<v1::Article> ArticleFromText(absl::string_view id,
                                            absl::string_view content);

// snake_case and camelCase names are both read. INVALID_ARGUMENT names a field
// that an article does not have.
absl::StatusOr<v1::Article> ArticleFromJson(absl::string_view json);

// The file's name without folders and without its extension.
std::string IdFromPath(absl::string_view path);

// INVALID_ARGUMENT names the first byte at fault and its line.
absl::Status CheckUtf8(absl::string_view text);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_ARTICLE_FILE_H_
