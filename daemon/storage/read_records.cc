#include "storage/read_records.h"

#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace tocsin {

std::string RowName(absl::string_view key) {
  // A number's key is its eight bytes; no text begins with a zero.
  absl::string_view rest = key;
  if (key.size() == 8 && key[0] == '\0') {
    return absl::StrCat(TakeNumber(rest).value_or(0));
  }
  return absl::CHexEscape(key);
}

absl::Status DamagedRow(Family family, absl::string_view key) {
  return absl::DataLossError(
      absl::StrCat("the row ", RowName(key), " of `",
                   kFamilyNames[static_cast<size_t>(family)], "` is damaged"));
}

}  // namespace tocsin
