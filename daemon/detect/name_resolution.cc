#include "detect/name_resolution.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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

struct NamedEntity {
  std::string key;
  std::string display_name;
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

  std::vector<NameMention> Resolve() {
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
    NameListed();
    NameLong();
    NameShort();
    JoinAcronyms();
    return Mentions();
  }

 private:
  absl::string_view Base(const NameCandidate& c) const {
    return document_.Text(document_.tokens[c.first].field)
        .substr(c.begin, c.base_end - c.begin);
  }
  const Token& At(uint32_t i) const { return document_.tokens[i]; }

  // The last word of the name, without an ending.
  absl::string_view LastWord(const NameCandidate& c) const {
    uint32_t i = c.last;
    while (i > c.first + 1 && At(i - 1).begin >= c.base_end) --i;
    const Token& token = At(i - 1);
    return document_.Text(token.field)
        .substr(token.begin, std::min(token.end, c.base_end) - token.begin);
  }
  absl::string_view FirstWord(const NameCandidate& c) const {
    const Token& token = At(c.first);
    return document_.Text(token.field)
        .substr(token.begin, std::min(token.end, c.base_end) - token.begin);
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
      const uint64_t last = FoldedHash(LastWord(c));
      ++certain_[last];
      if (c.words > 1) ++certain_[FoldedHash(FirstWord(c))];
      const bool person = BestType(c) == EntityType::kPerson;
      if ((c.words == 1 && c.listed < 0) || (c.words > 1 && person)) {
        alone_.insert(last);
      }
    }
  }

  // `Shell pays more` where Shell is named elsewhere.
  void RecallPassedOver() {
    if (alone_.empty()) return;
    const size_t before = candidates_.size();
    for (const uint32_t token : passed_over_) {
      if (!alone_.contains(At(token).folded) || MaybeNoun(token)) continue;
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
      const uint64_t word_hash = FoldedHash(word);
      const bool known_word =
          (words_.Facts(word_hash) & NameWords::kPerson) != 0;
      const bool known_stem =
          (words_.Facts(stem_hash) & NameWords::kPerson) != 0;
      const bool seen = certain_.contains(stem_hash) || OwnsNext(c, word_hash);
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
      if (c.belief >= kCertain || c.words > 1) continue;
      const auto it = certain_.find(FoldedHash(LastWord(c)));
      if (it != certain_.end() && it->second > 0) c.belief += kSeenElsewhere;
    }
  }

  int AddEntity(std::string key, absl::string_view display, int listed) {
    const auto [it, is_new] =
        by_key_.try_emplace(key, static_cast<int>(entities_.size()));
    if (is_new) {
      entities_.push_back({std::move(key), std::string(display), listed, {}});
    }
    return it->second;
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
    surnames_[FoldedHash(LastWord(c))] = entity;
    given_names_.try_emplace(FoldedHash(FirstWord(c)), entity);
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
        const auto it = surnames_.find(FoldedHash(LastWord(c)));
        if (it != surnames_.end()) {
          entity_of_[i] = it->second;
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
      const uint64_t word = FoldedHash(LastWord(c));
      if (c.words == 1) {
        auto it = surnames_.find(word);
        if (it == surnames_.end() && c.listed < 0) {
          it = given_names_.find(word);
          if (it == given_names_.end()) it = surnames_.end();
        }
        if (it != surnames_.end()) {
          entity_of_[i] = it->second;
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

  std::vector<NameMention> Mentions() const {
    std::vector<NameMention> mentions;
    mentions.reserve(candidates_.size());
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const NameCandidate& c = candidates_[i];
      const NamedEntity& entity = entities_[static_cast<size_t>(entity_of_[i])];
      if (entity.key.empty()) continue;
      NameMention mention;
      mention.span = {At(c.first).field, c.begin, c.end};
      mention.key = entity.key;
      mention.display_name = entity.display_name;
      mention.type = TypeOf(entity);
      mention.listed = entity.listed >= 0;
      mentions.push_back(std::move(mention));
    }
    return mentions;
  }

  const Document& document_;
  const NameWords& words_;
  const NameLists& lists_;
  std::vector<NameCandidate> candidates_;
  const std::vector<uint32_t>& passed_over_;
  std::vector<int> entity_of_;  // By candidate; -1: not yet.
  std::vector<NamedEntity> entities_;
  absl::flat_hash_map<std::string, int> by_key_;
  absl::flat_hash_map<uint64_t, int> certain_;
  absl::flat_hash_set<uint64_t> alone_;  // Certain names of one word, surnames.
  absl::flat_hash_map<uint64_t, int> surnames_;
  absl::flat_hash_map<uint64_t, int> given_names_;
};

}  // namespace

std::vector<NameMention> ResolveNames(
    const Document& document, const NameWords& words, const NameLists& lists,
    std::vector<NameCandidate> candidates,
    const std::vector<uint32_t>& passed_over) {
  return Resolver(document, words, lists, std::move(candidates), passed_over)
      .Resolve();
}

}  // namespace tocsin
