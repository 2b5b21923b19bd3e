// Names of the user's own as files hold them: YAML, or JSON Lines for large
// lists.
#ifndef TOCSIN_CLI_NAME_FILE_H_
#define TOCSIN_CLI_NAME_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tocsin/v1/admin_service.pb.h"

namespace tocsin::cli {

// YAML, strictly: a key that no name has, or one given twice, is an error.
//
//   names:
//     - name: Quarnell Group
//       type: organization     # person, place, product, work, event, other
//       aliases: [Quarnell, QNL]
//       id: quarnell           # if not given: made from the name
//
// INVALID_ARGUMENT names the line. `name` is the file's, for errors. Forms are
// checked by the daemon.
absl::StatusOr<std::vector<v1::ListedName>> NamesFromYaml(
    absl::string_view name, const std::string& text);

// The proto JSON of a tocsin.v1.ListedName a line.
absl::StatusOr<std::vector<v1::ListedName>> NamesFromJsonLines(
    absl::string_view name, const std::string& text);

// Reads the file, in the form that its extension says, or all such files in a
// folder; `-` is YAML from standard input.
absl::StatusOr<std::vector<v1::ListedName>> ReadNameFile(
    const std::string& path);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_NAME_FILE_H_
