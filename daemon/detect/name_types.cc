#include "detect/name_types.h"

#include <algorithm>

#include "text/fold.h"

namespace tocsin {
namespace {

using Words = NameWords;

// Points that a name has of which a list by hand, or everybody, knows.
constexpr int kWellKnown = 7;

class Evidence {
 public:
  Evidence(NameText& text, NameCandidate& candidate)
      : text_(text), c_(candidate) {
    const Sentence& sentence =
        text.document().sentences[text.At(candidate.first).sentence];
    begin_ = sentence.first_token;
    end_ = sentence.last_token;
  }

  void Add() {
    if (c_.listed < 0) {
      CountWords();
      AddHeads();
      AddPeople();
      // `Jan van Dijk`, `Jens Ahlborn` end like places.
      const bool person =
          words_ > 1 && text_.Is(c_.first, Words::kGiven) &&
          (particle_ ||
           (all_ & (Words::kHead | Words::kLegalForm | Words::kStop)) == 0);
      if (people_ < words_ && !person) AddEndings();
      AddShape();
      // `de Consumentenbond`: an ordinary word, but those have no capital.
      if (kind_told_ && words_ == 1 && !c_.initial &&
          !text_.words().noun_capitals()) {
        c_.belief += 2;
      }
    }
    AddBefore();
    AddAfter();
  }

 private:
  uint32_t Facts(uint32_t i) { return text_.Facts(i); }
  bool SingleUnlisted() const { return c_.words == 1 && c_.listed < 0; }
  int& Person() { return Points(c_, EntityType::kPerson); }
  int& Organization() { return Points(c_, EntityType::kOrganization); }
  int& Place() { return Points(c_, EntityType::kPlace); }
  int& P(EntityType type) { return Points(c_, type); }

  void CountWords() {
    for (uint32_t i = c_.first; i < c_.last; ++i) {
      if (!text_.IsWord(i)) continue;
      const uint32_t facts = Facts(i);
      if (!text_.IsCapital(i) && (facts & Words::kNameTail) == 0) {
        particle_ |= (facts & Words::kParticle) != 0;
        continue;
      }
      ++words_;
      all_ |= facts;
      if ((facts & Words::kPerson) != 0) {
        ++people_;
      } else if ((facts & (Words::kCommon | Words::kLikelyCommon)) != 0) {
        ++ordinary_;
      }
    }
  }

  void AddHeads() {
    all_ |= c_.facts & (Words::kHead | Words::kLegalForm);  // `A/S`
    if ((all_ & Words::kOrgHead) != 0) {
      Organization() += words_ > 1 ? 6 : 2;
      if (words_ > 1) Person() -= 2;
    }
    if (words_ < 2) return;
    if ((all_ & Words::kLegalForm) != 0) Organization() += 6;
    if ((all_ & Words::kPlaceHead) != 0) {
      Place() += 5;
      Person() -= 2;
    }
    if ((all_ & Words::kEventHead) != 0) P(EntityType::kEvent) += 5;
    if ((all_ & Words::kNamePrefix) != 0) Place() += 4;
  }

  void AddPeople() {
    const uint32_t first = Facts(c_.first);
    const bool given = (first & Words::kGiven) != 0;
    if (words_ == 1) {
      if (IsAcronym(c_.first)) return;  // `SID`, `DEA`
      if ((first & Words::kPerson) != 0) Person() += given ? 5 : 3;
      return;
    }
    if (people_ > 0 && words_ <= 4) {
      Person() += 2 + (given ? 3 : (first & Words::kPerson) != 0 ? 1 : 0);
      if (people_ == words_) Person() += 2;
      if (particle_) Person() += given ? 4 : 1;
    }
    if (text_.Is(c_.first, Words::kParticle) &&
        text_.Is(c_.first, Words::kStop) &&
        !text_.Is(c_.first, Words::kDeterminer)) {
      Person() += 4;  // `Van der Sloot`
    }
    if (people_ < words_ && ordinary_ > 0) Organization() += 2;
    if (people_ == 0) Organization() += 1;
    // `Klaaf Wilting`: two words that nobody knows.
    if (people_ == 0 && words_ == 2 && ordinary_ == 0 && PlainWords() &&
        (c_.first == begin_ || !text_.Is(c_.first - 1, Words::kDemonym))) {
      Person() += 3;
    }
    // `H. C. Nielsen`
    if (text_.IsInitial(c_.first) && words_ <= 4 && c_.first + 1 < end_ &&
        text_.Text(c_.first + 1) == "." &&
        (all_ & (Words::kOrgHead | Words::kLegalForm)) == 0) {
      Person() += 4;
    }
  }

  bool IsAcronym(uint32_t i) const {
    const Token& token = text_.At(i);
    return token.Has(Token::kAllUpper) && token.end - token.begin <= 4;
  }

  // `A12`, `E4`: one letter, and a few digits behind it.
  bool IsRoad(uint32_t i) const {
    const absl::string_view text = text_.Text(i);
    return words_ == 1 && text.size() <= 4 &&
           text.find_first_not_of("0123456789", 1) == text.npos &&
           (text_.words().Facts(FoldedHash(text.substr(0, 1))) &
            Words::kRoad) != 0;
  }

  // Only words whose first letter alone is a capital, and no class of them.
  bool PlainWords() {
    constexpr uint32_t kClasses = Words::kHead | Words::kLegalForm |
                                  Words::kNamePrefix | Words::kDemonym |
                                  Words::kIntro | Words::kStop;
    if ((all_ & kClasses) != 0 || c_.last - c_.first != words_) return false;
    for (uint32_t i = c_.first; i < c_.last; ++i) {
      if ((text_.At(i).flags &
           (Token::kAllUpper | Token::kInnerUpper | Token::kHasDigit)) != 0) {
        return false;
      }
    }
    return true;
  }

  void AddShape() {
    const Token& first = text_.At(c_.first);
    if (first.Has(Token::kAllUpper)) Organization() += 4;
    if (words_ == 1 && first.Has(Token::kInnerUpper)) Organization() += 2;
    if (words_ == 1 && text_.IsPluralAcronym(c_.first)) Organization() += 3;
    for (uint32_t i = c_.first + 1; i < c_.last; ++i) {
      if (text_.Text(i) == "&") Organization() += 4;
    }
    for (uint32_t i = c_.first; i < c_.last; ++i) {
      if (text_.At(i).Has(Token::kHasDigit)) {
        IsRoad(i) ? Place() += 4 : P(EntityType::kProduct) += 5;
        break;
      }
    }
    if (words_ > 1 && people_ < words_ && c_.first > begin_ && c_.last < end_ &&
        text_.IsQuote(c_.first - 1) && text_.IsQuote(c_.last)) {
      P(EntityType::kWork) += 4;
    }
  }

  // `-banken`, `-gatan`, `-sson`, also before an attached genitive.
  void AddEndings() {
    const NameWords& words = text_.words();
    absl::string_view base = text_.document()
                                 .Text(text_.At(c_.first).field)
                                 .substr(c_.begin, c_.base_end - c_.begin);
    for (int i = 0; i < 2; ++i) {
      if (words.org_endings().Find(base) > 0) {
        Organization() += 5;
        kind_told_ = true;
      }
      if (words.place_endings().Find(base) > 0) {
        Place() += 3;
        kind_told_ = true;
      }
      if (words.person_endings().Find(base) > 0) Person() += 2;
      const size_t ending = c_.marked ? 0 : words.genitive_endings().Find(base);
      if (ending == 0) return;
      base.remove_suffix(ending);
    }
  }

  void AddBefore() {
    uint32_t i = c_.first;
    if (i == begin_) return;
    // `VD:n Sam`, `Mr. Smith`: look over a mark or point.
    --i;
    if (text_.Text(i) == "." && i > begin_ && text_.Is(i - 1, Words::kTitle)) {
      --i;
    }
    if (i > begin_ + 1 && text_.IsWord(i) && text_.IsAttached(i) &&
        (text_.Text(i - 1) == ":" || text_.IsApostrophe(i - 1))) {
      i -= 2;
    }
    if (i > begin_ && text_.IsQuote(i) && text_.Is(i - 1, Words::kWorkIntro)) {
      P(EntityType::kWork) += 6;
    }
    if (!text_.IsWord(i)) return;
    AddIntro(FactsOfCompound(i));
    // `the village of Ransworth`
    if (i > begin_ && text_.Is(i, Words::kConnector) &&
        text_.Is(i - 1, Words::kPlaceIntro)) {
      Place() += 5;
      c_.belief += 2;
    }
    AddPossession(i);
    // `in Bayreuth`, though that may be a noun.
    if (c_.listed >= 0 && text_.words().noun_capitals() && Place() > 3 &&
        text_.Is(i, Words::kPlacePrep)) {
      c_.belief += 1;
    }
    AddDeterminer(i);
  }

  // `aktierne i Crisplant`, `spokesman for Lumenta`: an organisation has such
  // things and people.
  void AddPossession(uint32_t preposition) {
    if (c_.listed >= 0 || preposition == begin_ ||
        !text_.Is(preposition, Words::kStop) ||
        text_.Is(preposition, Words::kDeterminer | Words::kConjunction)) {
      return;
    }
    const uint32_t facts = Facts(preposition - 1);
    if ((facts & Words::kOrgContext) != 0) Organization() += 3;
    if ((facts & Words::kFunction) != 0) Organization() += 2;
  }

  // Of the word, or of `start-up`, `co-founder` that end in it.
  uint32_t FactsOfCompound(uint32_t i) {
    if (i < begin_ + 2 || !text_.IsAttached(i) || !text_.IsHyphen(i - 1) ||
        !text_.IsAttached(i - 1)) {
      return Facts(i);
    }
    const Token& last = text_.At(i);
    const uint32_t begin = text_.At(i - 2).begin;
    const absl::string_view whole =
        text_.document().Text(last.field).substr(begin, last.end - begin);
    return Facts(i) | text_.words().Facts(FoldedHash(whole));
  }

  void AddIntro(uint32_t facts) {
    // `sprach Merz`: who acts stands behind the verb.
    if (text_.words().verb_second()) {
      if ((facts & Words::kPersonContext) != 0) Person() += 2;
      if ((facts & Words::kAuxiliary) != 0 && SingleUnlisted()) Person() += 1;
    }
    const struct {
      uint32_t fact;
      EntityType type;
      int points;
      int belief;
    } kIntros[] = {
        {Words::kTitle, EntityType::kPerson, 6, 3},
        {Words::kFunction, EntityType::kPerson, 4, 2},
        {Words::kOrgIntro, EntityType::kOrganization, 6, 3},
        {Words::kPlaceIntro, EntityType::kPlace, 6, 3},
        {Words::kProductIntro, EntityType::kProduct, 5, 3},
        {Words::kWorkIntro, EntityType::kWork, 5, 3},
        {Words::kOrgContext, EntityType::kOrganization, 3, 0},
        {Words::kReport, EntityType::kPerson, 3, 0},
        {Words::kPlacePrep, EntityType::kPlace, 3, 1},
    };
    for (const auto& intro : kIntros) {
      if ((facts & intro.fact) == 0) continue;
      P(intro.type) += intro.points;
      c_.belief += intro.belief;
    }
  }

  // A determiner or an adjective stands before a noun, not before most names.
  void AddDeterminer(uint32_t i) {
    const Token& token = text_.At(c_.first);
    const bool plain =
        c_.words == 1 && c_.listed < 0 && c_.last == c_.first + 1 &&
        (token.flags & (Token::kAllUpper | Token::kInnerUpper)) == 0;
    const bool adjective =
        !text_.IsCapital(i) &&
        !text_.Is(i, Words::kStop | Words::kReport | Words::kPersonContext |
                         Words::kOrgContext) &&
        text_.words().adjective_endings().Find(text_.Text(i)) > 0;
    if (plain && adjective) c_.belief -= 1;
    if (!text_.Is(i, Words::kDeterminer)) {
      if (plain && !adjective) AddBare();
      return;
    }
    Person() -= 1;
    if (c_.listed >= 0) return;
    Organization() += 1;
    // `die Consumentenbond`, `in der Friedrichstraße`
    constexpr uint32_t kOrdinary = Words::kCommon | Words::kLikelyCommon;
    if (!plain || (kind_told_ && (!text_.words().noun_capitals() ||
                                  !text_.Is(c_.first, kOrdinary)))) {
      return;
    }
    c_.belief -= 2;
    // `the Bergeron classification`
    if (c_.last < end_ && text_.IsWord(c_.last) && !text_.IsCapital(c_.last) &&
        !text_.Is(c_.last, Words::kStop)) {
      c_.belief -= 1;
    }
  }

  // A noun by itself is a plural, a substance, or a name: most of those that
  // are no names stand in the dictionary.
  void AddBare() {
    if (!text_.words().noun_capitals()) return;
    const uint32_t facts = Facts(c_.first);
    if ((facts & (Words::kCommon | Words::kLikelyCommon)) == 0) c_.belief += 1;
  }

  // `Baltica-aktierne`, `Teknova-direktør`: an organisation has such things.
  void AddTail() {
    const uint32_t i = c_.last;
    if (i + 1 >= end_ || !text_.IsHyphen(i) || !text_.IsAttached(i) ||
        !text_.IsAttached(i + 1) || !text_.IsWord(i + 1)) {
      return;
    }
    if (text_.Is(i + 1,
                 Words::kOrgContext | Words::kFunction | Words::kOrgIntro)) {
      Organization() += 4;
      c_.belief += 2;
    }
  }

  void AddAfter() {
    const uint32_t i = c_.last;
    if (i >= end_) return;
    AddTail();
    const uint32_t facts = Facts(i);
    if ((facts & Words::kReport) != 0) {
      Person() += 2;
      c_.belief += 1;
    }
    if ((facts & Words::kOrgContext) != 0) Organization() += 3;
    if ((facts & Words::kPersonContext) != 0) Person() += 2;
    // `Venstre kræver`: nobody says `left demands` without an article.
    constexpr uint32_t kActs =
        Words::kAuxiliary | Words::kReport | Words::kOrgContext;
    const bool owns = c_.end > c_.base_end && (facts & Words::kFunction) != 0;
    if (c_.listed >= 0 && Points(c_, BestType(c_)) >= kWellKnown &&
        c_.initial && c_.words == 1 && ((facts & kActs) != 0 || owns) &&
        !text_.words().noun_capitals()) {
      c_.belief += 2;
    }
    if ((facts & Words::kAuxiliary) != 0 && SingleUnlisted()) Person() += 1;
    // `X, chief executive of Y`, `X (43)`
    if (i + 1 >= end_ || (text_.Text(i) != "," && text_.Text(i) != "(")) return;
    uint32_t next = i + 1;
    if (text_.At(next).kind == TokenKind::kNumber &&
        text_.At(next).end - text_.At(next).begin == 2) {
      Person() += 3;
    }
    if (text_.Is(next, Words::kDeterminer) && next + 1 < end_) ++next;
    if (text_.Is(next, Words::kFunction)) Person() += 3;
    if (text_.Is(next, Words::kOrgIntro)) Organization() += 2;
    if (text_.Is(next, Words::kPlaceIntro)) Place() += 2;
  }

  NameText& text_;
  NameCandidate& c_;
  uint32_t begin_;
  uint32_t end_;
  uint32_t all_ = 0;  // Facts of all capitalised words.
  uint32_t words_ = 0;
  uint32_t people_ = 0;    // Of those, names of people,
  uint32_t ordinary_ = 0;  // and ordinary words.
  bool particle_ = false;
  bool kind_told_ = false;  // By an ending of places or organisations.
};

// Whether only a comma or an `and` stands between two candidates.
bool StandTogether(NameText& text, const NameCandidate& a,
                   const NameCandidate& b) {
  if (a.last >= b.first || b.first - a.last > 2 ||
      text.At(a.first).sentence != text.At(b.first).sentence) {
    return false;
  }
  for (uint32_t i = a.last; i < b.first; ++i) {
    if (text.Text(i) != "," && !text.Is(i, Words::kConjunction)) return false;
  }
  return true;
}

// `Nicolai Wammen (S)`: the party of who stands before it.
bool IsPartyOf(const NameText& text, const NameCandidate& person,
               const NameCandidate& party) {
  return party.first == person.last + 1 && party.last == party.first + 1 &&
         party.last < text.size() && text.Text(person.last) == "(" &&
         text.Text(party.last) == ")" &&
         text.At(party.first).Has(Token::kUpperFirst) &&
         text.At(party.first).end - text.At(party.first).begin <= 2 &&
         person.words > 1 && BestType(person) == EntityType::kPerson;
}

}  // namespace

void AddEvidence(NameText& text, NameCandidate& candidate) {
  Evidence(text, candidate).Add();
}

void AddListEvidence(NameText& text, std::vector<NameCandidate>& candidates) {
  for (size_t i = 1; i < candidates.size(); ++i) {
    NameCandidate& a = candidates[i - 1];
    NameCandidate& b = candidates[i];
    const EntityType a_type = BestType(a);
    const EntityType b_type = BestType(b);
    const int a_points = Points(a, a_type);
    const int b_points = Points(b, b_type);
    if (IsPartyOf(text, a, b)) {
      b.belief = std::max(b.belief, kBelieved + 1);
      Points(b, EntityType::kOrganization) += 6;
    }
    if (!StandTogether(text, a, b)) continue;
    // `Gouda en Zoetermeer`: one is a cheese, too, and here a town.
    if (a.listed >= 0 && b.listed >= 0 && a_type == b_type) {
      const bool a_doubtful = a.belief < b.belief;
      if (a.belief != b.belief) (a_doubtful ? a : b).belief += 1;
    }
    if (a_points == b_points) continue;
    if (a_points > b_points && b.listed < 0) Points(b, a_type) += 3;
    if (b_points > a_points && a.listed < 0) Points(a, b_type) += 3;
  }
}

}  // namespace tocsin
