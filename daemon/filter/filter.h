// A compiled filter: AIP-160 text, parsed, type-checked against the fields of
// its place of use, and compiled to a flat program.
//
// Immutable; may be shared between threads. Compile() takes time in proportion
// to the text, whatever it says, and refuses more than kMaxFilterBytes.
#ifndef TOCSIN_FILTER_FILTER_H_
#define TOCSIN_FILTER_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "filter/subject.h"

namespace tocsin {

inline constexpr size_t kMaxFilterBytes = 4096;
inline constexpr int kMaxFilterDepth = 32;
inline constexpr int kMaxFilterTerms = 256;

// Where a filter is used: which fields and functions it may name.
enum class FilterPlace : uint8_t {
  kRule,     // Everything.
  kAlert,    // WatchAlerts, ListAlerts, subscriptions: what an alert carries.
  kArticle,  // ListArticles.
  kEntity,   // ListEntities.
  kMention,  // ListMentions: article, and the entity or amount mentioned.
};

// What a filter is about: an amount if it names `amount`, else an entity if it
// names `entity`, else the article.
enum class FilterAbout : uint8_t { kArticle, kEntity, kAmount };

struct FilterProgram;  // filter/program.h

class Filter {
 public:
  // INVALID_ARGUMENT says line, column and what was expected, and shows the
  // text with a caret; FilterErrorPosition() reads the position. Empty text is
  // a filter that everything matches.
  static absl::StatusOr<std::shared_ptr<const Filter>> Compile(
      absl::string_view text, FilterPlace place);

  ~Filter();
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  bool Matches(const Subject& subject) const;

  // Whether it matches if every new(...) in it is what the filter wants it to
  // be: as when something was new, and is looked at again.
  bool MatchesButForNew(const Subject& subject) const;

  // What of it is new, given that it matches.
  NoveltyKind NoveltyOf(const Subject& subject) const;

  FilterAbout about() const;
  // The longest window of new(x, window) over what the filter is about.
  std::optional<absl::Duration> window() const;
  const FilterProgram& program() const { return *program_; }

 private:
  explicit Filter(std::unique_ptr<const FilterProgram> program);

  const std::unique_ptr<const FilterProgram> program_;
};

// From 1, in characters (code points).
struct FilterPosition {
  int line = 1;
  int column = 1;
};

// Set if `status` is an error of Compile().
std::optional<FilterPosition> FilterErrorPosition(const absl::Status& status);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_FILTER_H_
