// What the words of one language say about names: which are ordinary words,
// which are given names, titles, legal forms, and so on.
//
// Compiled from the language's tables:
//   common_words.tsv  words that are no names (front-coded, generated)
//   name_words.tsv    a class, and its words or word endings between `|`
// and from the names of people, which hold for every language. The classes are
// listed in daemon/data/names/README.md.
//
// Immutable; thread-safe.
#ifndef TOCSIN_DETECT_NAME_WORDS_H_
#define TOCSIN_DETECT_NAME_WORDS_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lexicon/lexicon.h"
#include "lexicon/word_set.h"
#include "text/vocabulary.h"

namespace tocsin {

// Endings of words, such as `-banken`.
class WordEndings {
 public:
  void Add(absl::string_view ending);

  // Bytes of an ending that `word` has, with at least two bytes before it; 0
  // if there is none. ASCII letters may be of either case.
  size_t Find(absl::string_view word) const;

 private:
  // The last eight bytes of an ending are compared at once.
  struct Ending {
    uint64_t mask;
    uint64_t tail;
    std::string text;
  };
  // Two bytes of a word that an ending may have, by their low five bits: which
  // letters they are, in ASCII.
  static size_t Slot(char before_last, char last) {
    return (static_cast<uint8_t>(before_last) & 31u) << 5 |
           (static_cast<uint8_t>(last) & 31u);
  }
  std::bitset<32 * 32> last_two_;
  std::array<std::vector<Ending>, 32> by_last_;
};

class NameWords {
 public:
  enum Fact : uint32_t {
    kCommon = 1u << 0,       // Stands in the dictionary as an ordinary word.
    kStop = 1u << 1,         // Function word: no name begins with it.
    kNever = 1u << 2,        // Capitalised, and still never a name by itself.
    kTitle = 1u << 3,        // `Mr`: a person follows.
    kFunction = 1u << 4,     // `president`: a person follows or stands before.
    kOrgHead = 1u << 5,      // `University`: what has it is an organisation.
    kLegalForm = 1u << 6,    // `GmbH`
    kPlaceHead = 1u << 7,    // `River`
    kEventHead = 1u << 8,    // `Olympics`
    kPlacePrep = 1u << 9,    // `in`: a place may follow.
    kParticle = 1u << 10,    // `von`: within the name of a person or place.
    kConnector = 1u << 11,   // `of`: within the name of an organisation.
    kReport = 1u << 12,      // `says`: a person speaks.
    kDemonym = 1u << 13,     // `Chinese`
    kOrgIntro = 1u << 14,    // `company`: an organisation follows.
    kPlaceIntro = 1u << 15,  // `city`
    kProductIntro = 1u << 16,   // `model`
    kWorkIntro = 1u << 17,      // `film`
    kDeterminer = 1u << 18,     // `the`
    kGiven = 1u << 19,          // Given name.
    kPerson = 1u << 20,         // Family name, or other name of a person.
    kOrgContext = 1u << 21,     // `shares`: an organisation stands beside it.
    kPersonContext = 1u << 22,  // `born`: a person stands beside it.
    kNamePrefix = 1u << 23,     // `New`, `San`: begins names of several words.
    kConjunction = 1u << 24,    // `and`
    kLikelyCommon = 1u << 25,   // Made of ordinary words, or ends like one.
    kAuxiliary = 1u << 26,      // `has`: somebody stands beside it.
    kArticle = 1u << 27,        // `al`: before a hyphen and a name.
    kNameTail = 1u << 28,  // `universitet`: ends names, in small letters, too.
    kRoad = 1u << 30,      // `A`: before digits it is a road.
    kNoPerson = 1u << 29,  // `både`, though a list of people has `Bade`.
  };
  // What tells the kind of what follows it.
  static constexpr uint32_t kIntro =
      kFunction | kOrgIntro | kPlaceIntro | kProductIntro | kWorkIntro;
  static constexpr uint32_t kHead = kOrgHead | kPlaceHead | kEventHead;

  // Names of people, for every language.
  static std::shared_ptr<const WordSet> People(const Lexicon& lexicon);

  // `language` may have no tables: then only names of people are known.
  static absl::StatusOr<NameWords> Create(const Lexicon& lexicon,
                                          absl::string_view language,
                                          std::shared_ptr<const WordSet> people,
                                          Vocabulary& vocabulary);

  // Once, when the vocabulary is complete. `small_starts`, by number of the
  // word: a listed name begins with it in small letters.
  void Finish(const Vocabulary& vocabulary,
              absl::Span<const char> small_starts);
  // Brings nearer what Facts() soon looks at, of a word without a number.
  void Prefetch(uint64_t folded) const {
    common_.Prefetch(folded);
    people_->Prefetch(folded);
  }

  // Whether a name may begin with the word of this number in small letters.
  bool MayBegin(uint32_t word) const { return may_begin_[word] != 0; }
  // Of a word in small letters: its classes alone.
  uint32_t Cues(const Token& token) const { return CuesOfWord(token.word); }
  // The same by its number in the vocabulary.
  uint32_t CuesOfWord(uint32_t word) const {
    return cues_of_[word < cues_of_.size() ? word : kNoWord];
  }
  // Of a word with a capital: also whether it is an ordinary word or the name
  // of a person.
  uint32_t Facts(const Token& token) const {
    return token.word != kNoWord && token.word < facts_of_.size()
               ? facts_of_[token.word]
               : DictionaryFacts(token.folded);
  }
  // The same for a part of a token.
  uint32_t Facts(uint64_t folded) const {
    return CuesOfPart(folded) | DictionaryFacts(folded);
  }

  // For a word that Facts() knows nothing of: kLikelyCommon, and what its last
  // part says where that introduces a name (`Batteriehersteller`). `folded` is
  // its folded text.
  uint32_t GuessFacts(absl::string_view folded) const;

  // What the last part of a compound in small letters introduces.
  uint32_t TailIntro(absl::string_view folded) const;
  // False if TailIntro() has nothing to say of this word in small letters, of
  // at least four bytes, not folded.
  bool MayEndInIntro(absl::string_view word) const;

  // For remembering what was worked out of a word: of no two words, in no two
  // objects, is it the same. Never 0.
  uint64_t MemoryKey(uint64_t folded) const {
    return ((folded ^ id_) * 0x9E3779B97F4A7C15u) | 1;
  }

  const WordEndings& org_endings() const { return org_endings_; }
  const WordEndings& place_endings() const { return place_endings_; }
  const WordEndings& person_endings() const { return person_endings_; }
  const WordEndings& genitive_endings() const { return genitive_endings_; }
  // Of adjectives, where that tells nouns from names.
  const WordEndings& adjective_endings() const { return adjective_endings_; }

  // Of adjectives that have a capital only within names.
  const WordEndings& name_adjectives() const { return name_adjectives_; }

  // `Felipe V.`: the point belongs to the name.
  bool ordinal_point() const { return ordinal_point_; }
  // Who acts may stand behind the verb: `sagt Merz`.
  bool verb_second() const { return verb_second_; }
  // Every noun has a capital.
  bool noun_capitals() const { return noun_capitals_; }
  // `Det Kongelige Teater`, at the beginning of a sentence, too.
  bool determiner_inside() const { return determiner_inside_; }
  // A genitive mark belongs to the span of the name: `OpenAI's`.
  bool genitive_inside() const { return genitive_inside_; }

 private:
  // Bits in `people_`.
  static constexpr uint32_t kPersonBit = 1;
  static constexpr uint32_t kGivenBit = 2;

  absl::Status AddClass(const LexiconRow& row);
  void AddCommonWords(absl::Span<const LexiconRow> rows);
  uint32_t CuesOfPart(uint64_t folded) const {
    const auto it = cues_.find(folded);
    return it == cues_.end() ? 0 : it->second;
  }
  uint32_t DictionaryFacts(uint64_t folded) const {
    const uint32_t person = people_->Find(folded);
    uint32_t facts = 0;
    if (common_.Find(folded) != 0) facts |= kCommon;
    if (person != 0) facts |= kPerson;
    if ((person & kGivenBit) != 0) facts |= kGiven;
    return facts;
  }
  // The last part of a compound has so many bytes.
  static constexpr size_t kMinTail = 4;
  static constexpr int kTailBits = 14;
  static constexpr size_t kShapes = size_t{1} << 19;
  // What a text of at least four bytes ends in; how it begins and its size.
  static size_t TailSlot(absl::string_view folded);
  static size_t ShapeSlot(absl::string_view folded);

  // Of a last part of at least `min` bytes.
  uint32_t TailIntro(absl::string_view folded, size_t min) const;
  bool IsCommon(absl::string_view folded) const;
  // Bit i: folded.substr(i) may be an ordinary word.
  uint64_t CommonTails(absl::string_view folded) const;
  bool IsCompound(absl::string_view folded, int joints) const;

  uint64_t id_ = 0;  // Another one for each that was ever created.
  std::vector<uint32_t> facts_of_;                // By number of the word.
  std::vector<char> may_begin_ = {0};             // By number of the word.
  std::vector<uint32_t> cues_of_ = {0};           // By number of the word,
  absl::flat_hash_map<uint64_t, uint32_t> cues_;  // and by hash.
  // Of those that introduce names: what they end in.
  std::bitset<size_t{1} << kTailBits> intro_tails_;
  WordSet common_;
  std::vector<bool> common_shapes_;  // Seen at a glance that a text is none.
  std::shared_ptr<const WordSet> people_;
  WordEndings org_endings_;
  WordEndings place_endings_;
  WordEndings person_endings_;
  WordEndings common_endings_;
  WordEndings genitive_endings_;
  WordEndings adjective_endings_;
  WordEndings name_adjectives_;
  std::vector<std::string> joiners_;  // Folded; between parts of a compound.
  bool ordinal_point_ = false;
  bool verb_second_ = false;
  bool noun_capitals_ = false;
  bool genitive_inside_ = false;
  bool determiner_inside_ = false;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_WORDS_H_
