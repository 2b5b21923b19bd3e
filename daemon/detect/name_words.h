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

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lexicon/lexicon.h"

namespace tocsin {

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
    kPerson = 1u << 20,         // Family name, or some other name of a person.
    kOrgContext = 1u << 21,     // `shares`: an organisation stands beside it.
    kPersonContext = 1u << 22,  // `born`: a person stands beside it.
    kNamePrefix = 1u << 23,     // `New`, `San`: begins a name of several words.
    kProductHead = 1u << 24,    // `Pro`: ends the name of a product.
    kConjunction = 1u << 25,    // `and`
  };

  // How sure it is that a word is an ordinary one.
  enum class Commonness : uint8_t { kUnknown, kLikely, kListed };

  // `language` may have no tables: then only names of people are known.
  static absl::StatusOr<NameWords> Create(const Lexicon& lexicon,
                                          absl::string_view language);

  uint32_t Facts(uint64_t folded) const {
    const auto it = facts_.find(folded);
    return it == facts_.end() ? 0 : it->second;
  }

  // Looks at compounds and endings too; `facts` are those of `word`.
  Commonness CommonnessOf(absl::string_view word, uint32_t facts) const;

  bool HasOrgEnding(absl::string_view word) const {
    return EndsInOne(word, org_endings_);
  }
  bool HasPlaceEnding(absl::string_view word) const {
    return EndsInOne(word, place_endings_);
  }
  bool HasPersonEnding(absl::string_view word) const {
    return EndsInOne(word, person_endings_);
  }
  bool HasAdjectiveEnding(absl::string_view word) const {
    return EndsInOne(word, adjective_endings_);
  }
  // Bytes of an attached genitive ending of `word`, 0 if there is none.
  size_t GenitiveEnding(absl::string_view word) const;

  // Every noun has a capital.
  bool noun_capitals() const { return noun_capitals_; }
  // A genitive mark belongs to the span of the name: `OpenAI's`.
  bool genitive_inside() const { return genitive_inside_; }

 private:
  absl::Status AddClass(const LexiconRow& row);
  void AddCommonWords(absl::Span<const LexiconRow> rows);
  void AddPeople(const Lexicon& lexicon);
  bool IsCompound(absl::string_view folded, int depth) const;
  static bool EndsInOne(absl::string_view word,
                        const std::vector<std::string>& endings);

  absl::flat_hash_map<uint64_t, uint32_t> facts_;
  std::vector<std::string> org_endings_;
  std::vector<std::string> place_endings_;
  std::vector<std::string> person_endings_;
  std::vector<std::string> common_endings_;
  std::vector<std::string> adjective_endings_;  // Where nouns have capitals.
  std::vector<std::string> genitive_endings_;
  std::vector<std::string> joiners_;  // Folded; between parts of a compound.
  bool noun_capitals_ = false;
  bool genitive_inside_ = false;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_WORDS_H_
