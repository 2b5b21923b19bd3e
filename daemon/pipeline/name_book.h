// The name book: names of the user's own, as the store keeps them, and the
// analyzer that knows them beside those of the lexicon.
//
// Thread-safe. A change is checked and compiled on the caller's thread and
// handed to the sequencer as one command; it is durable when the call returns,
// and holds for every analysis begun after that. Changes go one after another,
// and an error changes nothing. Reads never wait for a change.
#ifndef TOCSIN_PIPELINE_NAME_BOOK_H_
#define TOCSIN_PIPELINE_NAME_BOOK_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "detect/analyzer.h"
#include "lexicon/lexicon.h"
#include "pipeline/sequencer.h"
#include "storage/records.h"
#include "storage/store.h"

namespace tocsin {

inline constexpr size_t kMaxOwnNames = 100'000;
inline constexpr size_t kMaxAliases = 64;
inline constexpr size_t kMaxFormBytes = 200;

// What the list became, compared with what it was.
struct NameChanges {
  size_t created = 0;
  size_t updated = 0;
  size_t deleted = 0;
  size_t unchanged = 0;

  bool any() const { return created + updated + deleted > 0; }
};

class NameBook {
 public:
  // Reads the stored names and compiles them with the lexicon's, which is read
  // again from its files with every change.
  static absl::StatusOr<std::unique_ptr<NameBook>> Create(
      const Store& store, LexiconOptions lexicon);

  NameBook(const NameBook&) = delete;
  NameBook& operator=(const NameBook&) = delete;

  // The names in force. Never null.
  std::shared_ptr<const Analyzer> analyzer() const;

  // Makes `names` the whole list; with `validate_only`, only says what would
  // change. INVALID_ARGUMENT begins with the field: `names[3].aliases[0]`.
  absl::StatusOr<NameChanges> Apply(Sequencer& sequencer,
                                    std::vector<NameRecord> names,
                                    bool validate_only);

  // At most `limit` names with an id after `after`, by id.
  std::vector<NameRecord> List(absl::string_view after, size_t limit) const;

 private:
  NameBook(LexiconOptions lexicon, std::vector<NameRecord> names,
           std::shared_ptr<const Analyzer> analyzer);

  const LexiconOptions lexicon_;

  // Held over a whole change; taken before mu_.
  Mutex change_mu_;

  mutable Mutex mu_;
  std::vector<NameRecord> names_ ABSL_GUARDED_BY(mu_);  // By id.
  std::shared_ptr<const Analyzer> analyzer_ ABSL_GUARDED_BY(mu_);
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_NAME_BOOK_H_
