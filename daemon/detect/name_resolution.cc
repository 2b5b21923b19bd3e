#include "detect/name_resolution.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "text/fold.h"

namespace tocsin {
namespace {

// A name that is certain elsewhere in the article.
constexpr int kSeenElsewhere = 3;
// Nobody takes the name of such a place for a surname.
constexpr uint32_t kBigPlace = 1000000;
// Belief from which a name supports others.
constexpr int kCertain = 3;
// Points from which something says what a name is.
constexpr int kTold = 5;

// What the article's names make of a word.
struct WordRole {
  int certain = 0;     // Names it stands in that are certain.
  bool alone = false;  // A certain name of one word, or a surname.
  int surname = -1;    // Entities that it is the last word of,
  int given = -1;      // or the first.
};

struct NamedEntity {
  Entity entity;
  int listed = -1;
  std::array<int, 8> points = {};
};

class Resolver {
 public:
  Resolver(const Document& document, const NameWords& words,
           const NameLists& lists, std::vector<NameCandidate> candidates,
           const std::vector<uint32_t>& passed_over)
      : document_(document),
        words_(words),
        lists_(lists),
        candidates_(std::move(candidates)),
        passed_over_(passed_over) {}

  NamesFound Resolve() {
    roles_.reserve(candidates_.size());
    CountWords();
    RecallPassedOver();
    CutGenitives();
    Support();
    // Where every noun has a capital, one that nothing else speaks for is some
    // noun that the dictionary lacks.
    const int untyped = words_.noun_capitals() ? kCertain + 1 : kCertain;
    std::erase_if(candidates_, [untyped](const NameCandidate& c) {
      return c.belief <
             (BestType(c) == EntityType::kUnspecified ? untyped : kBelieved);
    });
    entity_of_.assign(candidates_.size(), -1);
    entities_.reserve(candidates_.size());
    NameListed();
    NameLong();
    NameShort();
    JoinAcronyms();
    return Found();
  }

 private:
  absl::string_view Base(const NameCandidate& c) const {
    return document_.Text(document_.tokens[c.first].field)
        .substr(c.begin, c.base_end - c.begin);
  }
  const Token& At(uint32_t i) const { return document_.tokens[i]; }

  // What of a token belongs to the name, without an ending, and its hash.
  absl::string_view Part(const NameCandidate& c, const Token& token) const {
    return document_.Text(token.field)
        .substr(token.begin, std::min(token.end, c.base_end) - token.begin);
  }
  uint64_t PartHash(const NameCandidate& c, const Token& token) const {
    return token.end <= c.base_end ? token.folded : FoldedHash(Part(c, token));
  }
  // The last word of the name.
  const Token& Last(const NameCandidate& c) const {
    uint32_t i = c.last;
    while (i > c.first + 1 && At(i - 1).begin >= c.base_end) --i;
    return At(i - 1);
  }
  absl::string_view LastWord(const NameCandidate& c) const {
    return Part(c, Last(c));
  }
  absl::string_view FirstWord(const NameCandidate& c) const {
    return Part(c, At(c.first));
  }
  uint64_t LastHash(const NameCandidate& c) const {
    return PartHash(c, Last(c));
  }
  uint64_t FirstHash(const NameCandidate& c) const {
    return PartHash(c, At(c.first));
  }

  WordRole RoleOf(uint64_t word) const {
    const auto it = roles_.find(word);
    return it == roles_.end() ? WordRole() : it->second;
  }

  // `The Mozilla Foundation` is the same as `Mozilla Foundation`.
  absl::string_view WithoutDeterminer(const NameCandidate& c) const {
    absl::string_view name = Base(c);
    if (BeginsWithDeterminer(c)) {
      name.remove_prefix(At(c.first + 1).begin - At(c.first).begin);
    }
    return name;
  }
  bool BeginsWithDeterminer(const NameCandidate& c) const {
    return (words_.Cues(At(c.first)) & NameWords::kDeterminer) != 0;
  }

  // Which words stand in certain names, so that others can lean on them.
  void CountWords() {
    for (const NameCandidate& c : candidates_) {
      const bool told = Points(c, BestType(c)) >= kTold;
      if (c.belief < (told ? kBelieved : kCertain)) continue;
      WordRole& last = roles_[LastHash(c)];
      ++last.certain;
      const bool person = BestType(c) == EntityType::kPerson;
      if ((c.words == 1 && c.listed < 0) || (c.words > 1 && person)) {
        last.alone = any_alone_ = true;
      }
      if (c.words > 1) ++roles_[FirstHash(c)].certain;
    }
  }

  // `Shell pays more` where Shell is named elsewhere.
  void RecallPassedOver() {
    if (!any_alone_) return;
    const size_t before = candidates_.size();
    for (const uint32_t token : passed_over_) {
      if (!RoleOf(At(token).folded).alone || MaybeNoun(token)) continue;
      NameCandidate c;
      c.first = token;
      c.last = token + 1;
      c.begin = At(token).begin;
      c.end = c.base_end = At(token).end;
      c.initial = At(token).Has(Token::kSentenceStart);
      c.belief = kCertain;
      candidates_.push_back(c);
    }
    if (candidates_.size() == before) return;
    std::sort(candidates_.begin(), candidates_.end(),
              [](const NameCandidate& a, const NameCandidate& b) {
                return a.first < b.first;
              });
  }

  // `der Richter`, `kluger Richter` where Helga Richter is named, too.
  bool MaybeNoun(uint32_t token) const {
    if (!words_.noun_capitals() || token == 0 ||
        At(token).Has(Token::kSentenceStart)) {
      return false;
    }
    const Token& previous = At(token - 1);
    return (words_.Cues(previous) & NameWords::kDeterminer) != 0 ||
           words_.adjective_endings().Find(document_.Text(previous)) > 0;
  }

  // `Duffys` where `Duffy` stands too, or where only `Duffy` is a name.
  void CutGenitives() {
    for (NameCandidate& c : candidates_) {
      if (c.marked || c.listed >= 0) continue;
      const absl::string_view word = LastWord(c);
      const size_t ending = words_.genitive_endings().Find(word);
      if (ending == 0 || word.size() < ending + 3) continue;
      const absl::string_view stem = word.substr(0, word.size() - ending);
      const uint64_t stem_hash = FoldedHash(stem);
      const uint64_t word_hash = LastHash(c);
      const bool known_word =
          (words_.Facts(word_hash) & NameWords::kPerson) != 0;
      const bool known_stem =
          (words_.Facts(stem_hash) & NameWords::kPerson) != 0;
      const bool seen = RoleOf(stem_hash).certain > 0 || OwnsNext(c, word_hash);
      if (seen || (known_stem && !known_word)) {
        c.base_end -= static_cast<uint32_t>(ending);
        if (known_stem && !known_word && c.words == 1) {
          c.belief += 2;
          Points(c, EntityType::kPerson) += 3;
        }
      }
    }
  }

  // `Erik Lönnroths bror`: something of that person follows.
  bool OwnsNext(const NameCandidate& c, uint64_t word) const {
    if (c.words < 2 || BestType(c) != EntityType::kPerson ||
        (words_.Facts(word) & NameWords::kPerson) != 0 ||
        c.last >= document_.tokens.size()) {
      return false;
    }
    const Token& next = At(c.last);
    return next.kind == TokenKind::kWord && !next.Has(Token::kUpperFirst) &&
           (words_.Cues(next) & ~(NameWords::kIntro | NameWords::kTitle)) == 0;
  }

  void Support() {
    for (NameCandidate& c : candidates_) {
      if (c.belief > kCertain || c.words > 1) continue;
      if (RoleOf(LastHash(c)).certain > 0) c.belief += kSeenElsewhere;
    }
  }

  int AddEntity(absl::string_view key, absl::string_view display, int listed) {
    const auto index = static_cast<int>(entities_.size());
    const auto [it, is_new] = by_key_.try_emplace(ExactHash(key), index);
    if (!is_new) return it->second;
    NamedEntity& named = entities_.emplace_back();
    named.entity.key = std::string(key);
    named.entity.display_name = std::string(display);
    named.entity.listed = listed >= 0;
    named.listed = listed;
    return index;
  }

  void Assign(size_t i, int entity) {
    entity_of_[i] = entity;
    NamedEntity& e = entities_[static_cast<size_t>(entity)];
    for (size_t t = 0; t < e.points.size(); ++t) {
      e.points[t] += candidates_[i].type[t];
    }
  }

  void AssignListed(size_t i, int listed) {
    const ListedName& name = lists_.Get(static_cast<uint32_t>(listed));
    Assign(i, AddEntity(name.key, name.display_name, listed));
  }

  // Persons are found again by their surname or given name.
  void Register(size_t i) {
    const NameCandidate& c = candidates_[i];
    if (c.words < 2) return;
    const int entity = entity_of_[i];
    roles_[LastHash(c)].surname = entity;
    int& given = roles_[FirstHash(c)].given;
    if (given < 0) given = entity;
  }

  void NameListed() {
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const NameCandidate& c = candidates_[i];
      if (c.listed < 0) continue;
      const ListedName& name = lists_.Get(static_cast<uint32_t>(c.listed));
      // A word that is also a surname waits for the full names.
      if (c.words == 1 && !name.curated && name.people < kBigPlace) continue;
      AssignListed(i, c.listed);
      if (name.type == EntityType::kPerson) Register(i);
    }
  }

  void NameLong() {
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const NameCandidate& c = candidates_[i];
      if (entity_of_[i] >= 0 || c.words < 2) continue;
      const bool person = BestType(c) == EntityType::kPerson;
      if (c.words == 2 && BeginsWithDeterminer(c)) {  // `De Groot`
        if (const int entity = RoleOf(LastHash(c)).surname; entity >= 0) {
          entity_of_[i] = entity;
          continue;
        }
      }
      if (person) {
        if (const int listed = lists_.FindPersonLike(Base(c)); listed >= 0) {
          AssignListed(i, listed);
          Register(i);
          continue;
        }
      }
      const absl::string_view name = WithoutDeterminer(c);
      Assign(i, AddEntity(Fold(name), name, -1));
      if (person) Register(i);
    }
  }

  void NameShort() {
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (entity_of_[i] >= 0) continue;
      const NameCandidate& c = candidates_[i];
      if (c.words == 1) {
        const WordRole role = RoleOf(LastHash(c));
        const int entity =
            role.surname < 0 && c.listed < 0 ? role.given : role.surname;
        if (entity >= 0) {
          entity_of_[i] = entity;
          continue;
        }
      }
      if (c.listed >= 0) {
        const ListedName& name = lists_.Get(static_cast<uint32_t>(c.listed));
        if (BestType(c) == name.type) {
          AssignListed(i, c.listed);
          continue;
        }
      }
      Assign(i, AddEntity(Fold(Base(c)), Base(c), -1));
    }
  }

  // `Wetenschappelijke Raad (WRR)`: from there on they are one.
  void JoinAcronyms() {
    for (size_t i = 1; i < candidates_.size(); ++i) {
      const NameCandidate& full = candidates_[i - 1];
      const NameCandidate& acronym = candidates_[i];
      const uint32_t open = full.last;
      if (acronym.words != 1 || !At(acronym.first).Has(Token::kAllUpper) ||
          acronym.first != open + 1 || document_.Text(At(open)) != "(" ||
          acronym.last >= document_.tokens.size() ||
          document_.Text(At(acronym.last)) != ")" ||
          FirstWord(full)[0] != Base(acronym)[0]) {
        continue;
      }
      const int to = entity_of_[i - 1];
      const int from = entity_of_[i];
      if (to == from) continue;
      // `AMSTERDAM (ANP)`: two things that are known.
      if (full.listed >= 0 && acronym.listed >= 0) continue;
      const bool keep_acronym =
          entities_[static_cast<size_t>(to)].listed < 0 &&
          entities_[static_cast<size_t>(from)].listed >= 0;
      Merge(keep_acronym ? to : from, keep_acronym ? from : to);
    }
  }

  void Merge(int from, int to) {
    for (int& entity : entity_of_) {
      if (entity == from) entity = to;
    }
    for (size_t t = 0; t < 8; ++t) {
      entities_[static_cast<size_t>(to)].points[t] +=
          entities_[static_cast<size_t>(from)].points[t];
    }
  }

  EntityType TypeOf(const NamedEntity& entity) const {
    if (entity.listed >= 0) {
      return lists_.Get(static_cast<uint32_t>(entity.listed)).type;
    }
    size_t best = 0;
    for (size_t t = 1; t < entity.points.size(); ++t) {
      if (entity.points[t] > entity.points[best]) best = t;
    }
    return best == 0 ? EntityType::kOther : static_cast<EntityType>(best);
  }

  NamesFound Found() {
    NamesFound found;
    found.mentions.reserve(candidates_.size());
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const NameCandidate& c = candidates_[i];
      if (entities_[static_cast<size_t>(entity_of_[i])].entity.key.empty()) {
        continue;
      }
      found.mentions.push_back(
          {{At(c.first).field, c.begin, c.end}, entity_of_[i]});
    }
    found.entities.reserve(entities_.size());
    for (NamedEntity& named : entities_) {
      named.entity.type = TypeOf(named);
      found.entities.push_back(std::move(named.entity));
    }
    return found;
  }

  const Document& document_;
  const NameWords& words_;
  const NameLists& lists_;
  std::vector<NameCandidate> candidates_;
  const std::vector<uint32_t>& passed_over_;
  std::vector<int> entity_of_;  // By candidate; -1: not yet.
  std::vector<NamedEntity> entities_;
  absl::flat_hash_map<uint64_t, int> by_key_;      // ExactHash to entity.
  absl::flat_hash_map<uint64_t, WordRole> roles_;  // By hash of the word.
  bool any_alone_ = false;                         // In roles_.
};

}  // namespace

NamesFound ResolveNames(const Document& document, const NameWords& words,
                        const NameLists& lists,
                        std::vector<NameCandidate> candidates,
                        const std::vector<uint32_t>& passed_over) {
  return Resolver(document, words, lists, std::move(candidates), passed_over)
      .Resolve();
}

}  // namespace tocsin
