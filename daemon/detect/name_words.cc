#include "detect/name_words.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "text/fold.h"
#include "text/fold_hash.h"

namespace tocsin {
namespace {

// The first part of a compound is at least this long; its last part is longer,
// kMinTail, since short endings look like inflection.
constexpr size_t kMinHead = 3;
// `Ölminister`: what introduces a name needs no dictionary for the rest, but
// `Hoffmann` is no man.
constexpr size_t kMinIntroHead = 2;
constexpr size_t kSureIntro = 5;
// A last part of this length is enough by itself: the first part is often a
// stem that stands in no dictionary.
constexpr size_t kSureTail = 5;
constexpr int kMaxJoints = 2;
// Longer words are not looked into: that takes time, and they are no names.
constexpr size_t kMaxWord = 60;

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
    {"name_article", NameWords::kArticle},
    {"road", NameWords::kRoad},
    {"org_tail", NameWords::kNameTail | NameWords::kOrgHead},
    {"place_tail", NameWords::kNameTail | NameWords::kPlaceHead},
    {"auxiliary", NameWords::kAuxiliary},
    {"conjunction", NameWords::kConjunction | NameWords::kStop},
};

// The last eight bytes, the last one on top, with zeros below where there are
// fewer; ASCII letters are made small.
uint64_t LastBytes(absl::string_view text) {
  const size_t size = std::min<size_t>(text.size(), 8);
  uint64_t word = LoadBytes(text.data() + text.size() - size, size);
  word <<= 64 - 8 * size;
  const uint64_t capitals =
      BytesBetween(word & ~kHighBits, 'A', 'Z') & ~(word & kHighBits);
  return word | capitals >> 2;
}

bool IsAscii(absl::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

size_t SharedLetters(char c) {
  return static_cast<size_t>(c >= '0' && c <= '9' ? c - '0' : c - 'a' + 10);
}

}  // namespace

void WordEndings::Add(absl::string_view ending) {
  if (ending.empty()) return;
  const size_t size = std::min<size_t>(ending.size(), 8);
  const uint64_t mask = ~uint64_t{0} << (64 - 8 * size);
  by_last_[Slot(0, ending.back())].push_back(
      {mask, LastBytes(ending) & mask, std::string(ending)});
  if (size > 1) {
    last_two_.set(Slot(ending[ending.size() - 2], ending.back()));
    return;
  }
  for (char before = 0; before < 32; ++before) {
    last_two_.set(Slot(before, ending.back()));
  }
}

size_t WordEndings::Find(absl::string_view word) const {
  if (word.size() < 3 ||
      !last_two_.test(Slot(word[word.size() - 2], word.back()))) {
    return 0;
  }
  const uint64_t tail = LastBytes(word);
  for (const Ending& ending : by_last_[Slot(0, word.back())]) {
    if ((tail & ending.mask) != ending.tail) continue;
    const size_t size = ending.text.size();
    if (word.size() >= size + 2 &&
        (size <= 8 || absl::EndsWithIgnoreCase(word, ending.text))) {
      return size;
    }
  }
  return 0;
}

absl::StatusOr<NameWords> NameWords::Create(
    const Lexicon& lexicon, absl::string_view language,
    std::shared_ptr<const WordSet> people, Vocabulary& vocabulary) {
  static std::atomic<uint64_t> last_id = 0;
  NameWords words;
  words.id_ = ++last_id << 40;
  words.people_ = std::move(people);
  words.AddCommonWords(lexicon.Rows(language, "common_words"));
  for (const LexiconRow& row : lexicon.Rows(language, "name_words")) {
    TOCSIN_RETURN_IF_ERROR(words.AddClass(row));
  }
  for (const LexiconRow& row : lexicon.Rows(language, "given_names")) {
    for (absl::string_view name : absl::StrSplit(row[0], ' ')) {
      words.cues_[FoldedHash(name)] |= kGiven | kPerson;
    }
  }
  if (language != Lexicon::kCommon) {
    for (const LexiconRow& row : lexicon.Rows(Lexicon::kCommon, "name_words")) {
      TOCSIN_RETURN_IF_ERROR(words.AddClass(row));
    }
  }
  for (const auto& [folded, cues] : words.cues_) {
    const uint32_t word = vocabulary.Add(folded);
    if (word >= words.cues_of_.size()) words.cues_of_.resize(word + 1);
    words.cues_of_[word] = cues;
  }
  return words;
}

absl::Status NameWords::AddClass(const LexiconRow& row) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(row[1], '|', absl::SkipEmpty());
  const std::pair<absl::string_view, WordEndings*> kEndings[] = {
      {"org_ending", &org_endings_},
      {"place_ending", &place_endings_},
      {"person_ending", &person_endings_},
      {"common_ending", &common_endings_},
      {"genitive", &genitive_endings_},
      {"adjective_ending", &adjective_endings_},
      {"name_adjective", &name_adjectives_},
  };
  for (const auto& [name, endings] : kEndings) {
    if (row[0] != name) continue;
    for (absl::string_view word : words) endings->Add(word);
    return absl::OkStatus();
  }
  if (row[0] == "joiner") {
    for (absl::string_view word : words) joiners_.emplace_back(word);
    return absl::OkStatus();
  }
  if (row[0] == "setting") {
    for (absl::string_view word : words) {
      if (word == "ordinal_point") {
        ordinal_point_ = true;
      } else if (word == "verb_second") {
        verb_second_ = true;
      } else if (word == "noun_capitals") {
        noun_capitals_ = true;
      } else if (word == "determiner_inside") {
        determiner_inside_ = true;
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
    for (absl::string_view word : words) {
      const std::string folded = FoldText(word);
      cues_[FoldedHash(word)] |=
          c.fact == kStop && !IsAscii(word) ? kStop | kNoPerson : c.fact;
      if ((c.fact & kIntro) != 0 && folded.size() >= kMinTail) {
        intro_tails_.set(TailSlot(folded));
      }
    }
    return absl::OkStatus();
  }
  return row.Error(absl::StrCat("unknown class ", row[0]));
}

void NameWords::AddCommonWords(absl::Span<const LexiconRow> rows) {
  WordSet::Builder common;
  common_shapes_.assign(kShapes, false);
  std::string word;
  for (const LexiconRow& row : rows) {
    word.clear();
    for (absl::string_view coded : absl::StrSplit(row[0], ' ')) {
      if (coded.empty()) continue;
      const size_t shared = SharedLetters(coded[0]);
      if (shared > word.size()) continue;  // Not front-coded text.
      word.resize(shared);
      absl::StrAppend(&word, coded.substr(1));
      common.Add(ExactHash(word), 1);
      if (word.size() >= kMinTail) common_shapes_[ShapeSlot(word)] = true;
    }
  }
  common_ = common.Build();
}

size_t NameWords::ShapeSlot(absl::string_view folded) {
  uint32_t begin;
  std::memcpy(&begin, folded.data(), sizeof(begin));
  const uint64_t shape = begin | uint64_t{folded.size()} << 32;
  return (shape * 0x9E3779B97F4A7C15u) >> 32 & (kShapes - 1);
}

size_t NameWords::TailSlot(absl::string_view folded) {
  uint32_t tail;
  std::memcpy(&tail, folded.data() + folded.size() - sizeof(tail),
              sizeof(tail));
  return (tail * 0x9E3779B1u) >> (32 - kTailBits);
}

bool NameWords::MayEndInIntro(absl::string_view word) const {
  const absl::string_view tail = word.substr(word.size() - kMinTail);
  uint32_t bytes;
  std::memcpy(&bytes, tail.data(), sizeof(bytes));
  return (bytes & 0x80808080u) != 0 || intro_tails_.test(TailSlot(tail));
}

std::shared_ptr<const WordSet> NameWords::People(const Lexicon& lexicon) {
  WordSet::Builder people;
  for (const LexiconTable& table : lexicon.NameTables()) {
    uint32_t bits = 0;
    if (absl::EndsWith(table.name, "given_names")) bits = kGivenBit;
    if (absl::EndsWith(table.name, "person_names")) bits = kPersonBit;
    if (bits == 0) continue;
    for (const LexiconRow& row : table.rows) {
      for (absl::string_view name : absl::StrSplit(row[0], ' ')) {
        people.Add(FoldedHash(name), bits);
      }
    }
  }
  return std::make_shared<const WordSet>(people.Build());
}

void NameWords::Finish(const Vocabulary& vocabulary,
                       absl::Span<const char> small_starts) {
  facts_of_.resize(vocabulary.size());
  may_begin_.resize(vocabulary.size());
  for (uint32_t word = 1; word < vocabulary.size(); ++word) {
    uint32_t& facts = facts_of_[word];
    facts = Facts(vocabulary.Folded(word));
    if ((facts & kNoPerson) != 0) facts &= ~(kPerson | kGiven);
    may_begin_[word] = (word < small_starts.size() && small_starts[word]) ||
                       (CuesOfWord(word) & kArticle) != 0;
  }
}

bool NameWords::IsCommon(absl::string_view folded) const {
  if (folded.size() >= kMinTail && !common_shapes_[ShapeSlot(folded)]) {
    return false;
  }
  return common_.Find(ExactHash(folded)) != 0;
}

// Each look may have to wait for memory; so all of them are taken at once.
uint64_t NameWords::CommonTails(absl::string_view folded) const {
  static_assert(kMaxWord <= 64);
  uint64_t tails = 0;
  for (size_t i = kMinHead; i + kMinTail <= folded.size(); ++i) {
    tails |= uint64_t{common_shapes_[ShapeSlot(folded.substr(i))]} << i;
  }
  return tails;
}

// `text` has at most kMaxWord bytes.
bool NameWords::IsCompound(absl::string_view text, int joints) const {
  for (uint64_t tails = CommonTails(text); tails != 0; tails &= tails - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(tails));
    if (common_.Find(ExactHash(text.substr(i))) == 0) continue;
    // `Neustadt`, `Lindenberg`: there the first part has to be a word, too.
    const bool like_name =
        place_endings_.Find(text) > 0 || person_endings_.Find(text) > 0;
    if (text.size() - i >= kSureTail && !like_name) return true;
    const absl::string_view head = text.substr(0, i);
    if (IsCommon(head)) return true;
    for (const std::string& joiner : joiners_) {
      if (head.size() >= kMinHead + joiner.size() &&
          absl::EndsWith(head, joiner) &&
          IsCommon(head.substr(0, head.size() - joiner.size()))) {
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

uint32_t NameWords::TailIntro(absl::string_view folded, size_t min) const {
  if (folded.size() > kMaxWord || folded.size() < kMinIntroHead + min ||
      !intro_tails_.test(TailSlot(folded))) {
    return 0;
  }
  for (size_t i = kMinIntroHead; i + min <= folded.size(); ++i) {
    const uint32_t cues = CuesOfPart(ExactHash(folded.substr(i)));
    if ((cues & kIntro) != 0) return cues & kIntro;
  }
  return 0;
}

uint32_t NameWords::TailIntro(absl::string_view folded) const {
  return TailIntro(folded, kMinTail);
}

uint32_t NameWords::GuessFacts(absl::string_view folded) const {
  if (folded.size() > kMaxWord) return kLikelyCommon;
  const uint32_t intro = TailIntro(folded, kSureIntro);
  if (intro == 0 && common_endings_.Find(folded) == 0 &&
      !IsCompound(folded, kMaxJoints)) {
    return 0;
  }
  return kLikelyCommon | (intro != 0 ? intro : TailIntro(folded, kMinTail));
}

}  // namespace tocsin
