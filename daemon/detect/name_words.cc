#include "detect/name_words.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "text/fold.h"

namespace tocsin {
namespace {

// Parts of a compound are at least this long; its last part is longer, since
// short endings look like inflection.
constexpr size_t kMinHead = 3;
constexpr size_t kMinTail = 4;
constexpr size_t kSureTail = 6;
constexpr int kMaxJoints = 2;

struct Class {
  absl::string_view name;
  uint32_t fact;
};

constexpr Class kClasses[] = {
    {"stop", NameWords::kStop | NameWords::kCommon},
    {"never", NameWords::kNever | NameWords::kCommon},
    {"title", NameWords::kTitle},
    {"function", NameWords::kFunction},
    {"org_head", NameWords::kOrgHead},
    {"legal_form", NameWords::kLegalForm},
    {"place_head", NameWords::kPlaceHead},
    {"event_head", NameWords::kEventHead},
    {"place_preposition", NameWords::kPlacePrep | NameWords::kStop},
    {"particle", NameWords::kParticle},
    {"connector", NameWords::kConnector},
    {"report", NameWords::kReport},
    {"demonym", NameWords::kDemonym},
    {"org_intro", NameWords::kOrgIntro},
    {"place_intro", NameWords::kPlaceIntro},
    {"product_intro", NameWords::kProductIntro},
    {"work_intro", NameWords::kWorkIntro},
    {"determiner", NameWords::kDeterminer | NameWords::kStop},
    {"org_context", NameWords::kOrgContext},
    {"person_context", NameWords::kPersonContext},
    {"name_prefix", NameWords::kNamePrefix},
    {"product_head", NameWords::kProductHead},
    {"conjunction", NameWords::kConjunction | NameWords::kStop},
};

int SharedLetters(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c - 'a' + 10;
}

}  // namespace

absl::StatusOr<NameWords> NameWords::Create(const Lexicon& lexicon,
                                            absl::string_view language) {
  NameWords words;
  words.AddCommonWords(lexicon.Rows(language, "common_words"));
  words.AddPeople(lexicon);
  for (const LexiconRow& row : lexicon.Rows(language, "name_words")) {
    TOCSIN_RETURN_IF_ERROR(words.AddClass(row));
  }
  for (const LexiconRow& row : lexicon.Rows(Lexicon::kCommon, "name_words")) {
    TOCSIN_RETURN_IF_ERROR(words.AddClass(row));
  }
  return words;
}

absl::Status NameWords::AddClass(const LexiconRow& row) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(row[1], '|', absl::SkipEmpty());
  const std::pair<absl::string_view, std::vector<std::string>*> kEndings[] = {
      {"org_ending", &org_endings_},
      {"place_ending", &place_endings_},
      {"person_ending", &person_endings_},
      {"common_ending", &common_endings_},
      {"genitive", &genitive_endings_},
      {"joiner", &joiners_},
      {"adjective_ending", &adjective_endings_},
  };
  for (const auto& [name, endings] : kEndings) {
    if (row[0] != name) continue;
    for (absl::string_view word : words) endings->emplace_back(word);
    return absl::OkStatus();
  }
  if (row[0] == "setting") {
    for (absl::string_view word : words) {
      if (word == "noun_capitals") {
        noun_capitals_ = true;
      } else if (word == "genitive_inside") {
        genitive_inside_ = true;
      } else {
        return row.Error(absl::StrCat("unknown setting ", word));
      }
    }
    return absl::OkStatus();
  }
  for (const Class& c : kClasses) {
    if (row[0] != c.name) continue;
    for (absl::string_view word : words) facts_[FoldedHash(word)] |= c.fact;
    return absl::OkStatus();
  }
  return row.Error(absl::StrCat("unknown class ", row[0]));
}

void NameWords::AddCommonWords(absl::Span<const LexiconRow> rows) {
  std::string word;
  for (const LexiconRow& row : rows) {
    word.clear();
    for (absl::string_view coded : absl::StrSplit(row[0], ' ')) {
      if (coded.empty()) continue;
      const auto shared = static_cast<size_t>(SharedLetters(coded[0]));
      if (shared > word.size()) continue;  // Not front-coded text.
      word.resize(shared);
      absl::StrAppend(&word, coded.substr(1));
      facts_[ExactHash(word)] |= kCommon;
    }
  }
}

void NameWords::AddPeople(const Lexicon& lexicon) {
  for (const LexiconTable& table : lexicon.NameTables()) {
    uint32_t fact = 0;
    if (absl::EndsWith(table.name, "given_names")) fact = kGiven | kPerson;
    if (absl::EndsWith(table.name, "person_names")) fact = kPerson;
    if (fact == 0) continue;
    for (const LexiconRow& row : table.rows) {
      for (absl::string_view name : absl::StrSplit(row[0], ' ')) {
        facts_[FoldedHash(name)] |= fact;
      }
    }
  }
}

NameWords::Commonness NameWords::CommonnessOf(absl::string_view word,
                                              uint32_t facts) const {
  if ((facts & kCommon) != 0) return Commonness::kListed;
  if ((facts & kPerson) != 0) return Commonness::kUnknown;
  const std::string folded = FoldText(word);
  const absl::string_view text = folded;
  if (IsCompound(text, kMaxJoints)) return Commonness::kLikely;
  for (const std::string& ending : common_endings_) {
    if (text.size() >= ending.size() + 4 && absl::EndsWith(text, ending)) {
      return Commonness::kLikely;
    }
  }
  return Commonness::kUnknown;
}

// Whether a word is made of ordinary ones. A long last part is enough: the
// first part of a compound is often a stem that stands in no dictionary.
bool NameWords::IsCompound(absl::string_view text, int joints) const {
  const auto common = [this](absl::string_view part) {
    return (Facts(ExactHash(part)) & kCommon) != 0;
  };
  for (size_t i = kMinHead; i + kMinTail <= text.size(); ++i) {
    if (!common(text.substr(i))) continue;
    if (text.size() - i >= kSureTail) return true;
    const absl::string_view head = text.substr(0, i);
    if (common(head)) return true;
    for (const std::string& joiner : joiners_) {
      if (head.size() >= kMinHead + joiner.size() &&
          absl::EndsWith(head, joiner) &&
          common(head.substr(0, head.size() - joiner.size()))) {
        return true;
      }
    }
    if (joints > 1 && head.size() >= kMinHead + kMinTail &&
        IsCompound(head, joints - 1)) {
      return true;
    }
  }
  return false;
}

size_t NameWords::GenitiveEnding(absl::string_view word) const {
  for (const std::string& ending : genitive_endings_) {
    if (word.size() >= ending.size() + 2 &&
        absl::EndsWithIgnoreCase(word, ending)) {
      return ending.size();
    }
  }
  return 0;
}

bool NameWords::EndsInOne(absl::string_view word,
                          const std::vector<std::string>& endings) {
  for (const std::string& ending : endings) {
    if (word.size() >= ending.size() + 2 &&
        absl::EndsWithIgnoreCase(word, ending)) {
      return true;
    }
  }
  return false;
}

}  // namespace tocsin
