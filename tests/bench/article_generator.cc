#include "article_generator.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace tocsin {
namespace {

constexpr absl::string_view kTags[] = {"sv", "nl", "de", "da", "en"};
constexpr size_t kPeople = 10000;
constexpr size_t kCompanies = 7500;
constexpr size_t kPlaces = 500;
constexpr size_t kNamesPerArticle = 15;
constexpr size_t kAmountsPerArticle = 3;
constexpr uint64_t kSources = 12;
constexpr absl::Duration kBetweenArticles = absl::Seconds(7);
constexpr absl::CivilSecond kFirstPublished(2026, 1, 1);

// What invented names are made of. Not words: no language owns them.
constexpr absl::string_view kGiven[] = {
    "Ada",  "Bram", "Carla", "Dirk", "Elin",  "Finn", "Greta", "Hugo",
    "Ines", "Jens", "Karin", "Lars", "Marta", "Nils", "Oda",   "Piet",
    "Runa", "Sven", "Tilda", "Ulla", "Vera",  "Wim",  "Ylva",  "Zeno"};
constexpr absl::string_view kStarts[] = {
    "Bran", "Dal", "Fal", "Gor", "Hal",  "Jor", "Kal", "Lin", "Mor", "Nor",
    "Ost",  "Pel", "Rav", "Sor", "Tarn", "Ul",  "Var", "Wes", "Yst", "Zan"};
constexpr absl::string_view kMiddles[] = {"be", "da", "go", "ka", "le", "mi",
                                          "no", "ra", "si", "to", "va", "wi"};
constexpr absl::string_view kSurnameEnds[] = {"berg", "dahl", "kamp", "lund",
                                              "mark", "stra", "voort"};
constexpr absl::string_view kCompanyEnds[] = {"dyn",  "gen", "lux", "nix",
                                              "plex", "tec", "zon"};
constexpr absl::string_view kLegalForms[] = {"AB",   "AG",    "ApS",     "BV",
                                             "GmbH", "Group", "Holding", "Ltd"};
constexpr absl::string_view kPlaceEnds[] = {"by",   "dorf", "havn",
                                            "hult", "stad", "wijk"};

template <size_t N>
absl::string_view At(const absl::string_view (&list)[N], size_t i) {
  return list[i % N];
}

// The i-th stem; different for each i below 2,880.
std::string Stem(size_t i) {
  size_t starts = std::size(kStarts);
  size_t middles = std::size(kMiddles);
  std::string stem(At(kStarts, i));
  absl::StrAppend(&stem, At(kMiddles, i / starts));
  size_t rest = i / starts / middles;
  if (rest > 0) absl::StrAppend(&stem, At(kMiddles, rest - 1));
  return stem;
}

std::vector<std::string> MakePeople() {
  std::vector<std::string> people;
  for (size_t i = 0; i < kPeople; ++i) {
    // Every surname is borne by a few people.
    people.push_back(absl::StrCat(At(kGiven, i * 7 + i / 24), " ",
                                  Stem(i / 4 % 2500), At(kSurnameEnds, i)));
  }
  return people;
}

std::vector<std::string> MakeCompanies() {
  std::vector<std::string> companies;
  for (size_t i = 0; i < kCompanies; ++i) {
    companies.push_back(absl::StrCat(Stem(i % 2500),
                                     At(kCompanyEnds, i / 2500 + i), " ",
                                     At(kLegalForms, i * 3)));
  }
  return companies;
}

std::vector<std::string> MakePlaces() {
  std::vector<std::string> places;
  for (size_t i = 0; i < kPlaces; ++i) {
    places.push_back(absl::StrCat(Stem(i), At(kPlaceEnds, i)));
  }
  return places;
}

}  // namespace

// SplitMix64: the standard library's distributions differ between platforms.
class ArticleGenerator::Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  size_t Below(size_t n) { return Next() % n; }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

  const std::string& Pick(const std::vector<std::string>& list) {
    return list[Below(list.size())];
  }

 private:
  uint64_t state_;
};

ArticleGenerator::Zipf::Zipf(size_t n) {
  double sum = 0;
  for (size_t k = 0; k < n; ++k) {
    cumulative_.push_back(sum += 1.0 / static_cast<double>(k + 1));
  }
}

size_t ArticleGenerator::Zipf::Draw(Random& random) const {
  double x = random.Unit() * cumulative_.back();
  auto it = std::upper_bound(cumulative_.begin(), cumulative_.end(), x);
  return std::min<size_t>(static_cast<size_t>(it - cumulative_.begin()),
                          cumulative_.size() - 1);
}

// Fills the slots of phrases for one article, and counts what it put in.
struct ArticleGenerator::Writer {
  const ArticleGenerator& generator;
  const Language& language;
  Random& random;
  std::set<absl::string_view> names;
  size_t amounts = 0;

  std::string Name(const std::vector<std::string>& list, const Zipf& law) {
    const std::string& name = list[law.Draw(random)];
    names.insert(name);
    return name;
  }

  std::string Slot(absl::string_view slot) {
    if (slot == "person") {
      return Name(generator.people_, generator.people_law_);
    }
    if (slot == "company") {
      return Name(generator.companies_, generator.companies_law_);
    }
    if (slot == "place") {
      return Name(generator.places_, generator.places_law_);
    }
    if (slot == "noun") return random.Pick(language.nouns);
    ++amounts;
    if (slot == "tenths") {
      return absl::StrCat(1 + random.Below(98),
                          language.tag == "en" ? "." : ",",
                          1 + random.Below(9));
    }
    return absl::StrCat(2 + random.Below(998));  // {number}
  }

  void Write(absl::string_view phrase, std::string& out) {
    while (true) {
      size_t open = phrase.find('{');
      absl::StrAppend(&out, phrase.substr(0, open));
      if (open == absl::string_view::npos) return;
      size_t close = phrase.find('}', open);
      absl::StrAppend(&out, Slot(phrase.substr(open + 1, close - open - 1)));
      phrase.remove_prefix(close + 1);
    }
  }
};

absl::StatusOr<ArticleGenerator> ArticleGenerator::Create(Options options) {
  if (options.phrase_dir.empty()) options.phrase_dir = TOCSIN_PHRASE_DIR;
  std::vector<Language> languages;
  for (absl::string_view tag : kTags) {
    absl::StatusOr<Language> language =
        Load(options.phrase_dir, std::string(tag));
    if (!language.ok()) return language.status();
    languages.push_back(*std::move(language));
  }
  return ArticleGenerator(std::move(options), std::move(languages));
}

ArticleGenerator::ArticleGenerator(Options options,
                                   std::vector<Language> languages)
    : options_(std::move(options)),
      languages_(std::move(languages)),
      people_(MakePeople()),
      companies_(MakeCompanies()),
      places_(MakePlaces()),
      people_law_(people_.size()),
      companies_law_(companies_.size()),
      places_law_(places_.size()) {}

absl::StatusOr<ArticleGenerator::Language> ArticleGenerator::Load(
    const std::string& dir, const std::string& tag) {
  std::string path = absl::StrCat(dir, "/", tag, ".txt");
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot open"));

  Language language;
  language.tag = tag;
  std::vector<std::string>* section = nullptr;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    absl::string_view phrase = absl::StripSuffix(line, "\r");
    if (phrase.empty() || phrase[0] == '#') continue;
    if (phrase == "[headlines]") {
      section = &language.headlines;
    } else if (phrase == "[naming]") {
      section = &language.naming;
    } else if (phrase == "[amounts]") {
      section = &language.amounts;
    } else if (phrase == "[plain]") {
      section = &language.plain;
    } else if (phrase == "[nouns]") {
      section = &language.nouns;
    } else if (section == nullptr || phrase[0] == '[') {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", number, ": not in a section"));
    } else {
      section->emplace_back(phrase);
    }
  }
  if (language.headlines.empty() || language.naming.empty() ||
      language.amounts.empty() || language.plain.empty() ||
      language.nouns.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": a section is missing or empty"));
  }
  return language;
}

Article ArticleGenerator::Make(uint64_t index) const {
  // One number decides everything about the article.
  Random random(options_.seed * 0xD1342543DE82EF95u + index);
  const Language& language = languages_[random.Below(languages_.size())];
  Writer writer{*this, language, random, {}};

  Article article;
  article.id = absl::StrCat("g-", absl::Dec(index, absl::kZeroPad8));
  article.source = absl::StrCat("wire-", 1 + random.Below(kSources));
  article.uri = absl::StrCat("https://news.example/", article.id);
  if (options_.tag_language) article.language = language.tag;
  article.published_at = absl::FromCivil(kFirstPublished, absl::UTCTimeZone()) +
                         static_cast<int64_t>(index) * kBetweenArticles;
  writer.Write(random.Pick(language.headlines), article.headline);

  std::string& body = article.body;
  writer.amounts = 0;  // Those of the body are promised.
  for (size_t sentence = 0; true; ++sentence) {
    // Names and amounts come spread over the text; what is still missing at
    // its end comes then.
    bool full = body.size() >= options_.body_bytes;
    auto behind = [&](size_t have, size_t wanted) {
      return full ? have < wanted
                  : have * options_.body_bytes <= wanted * body.size();
    };
    const std::vector<std::string>* phrases = &language.plain;
    if (behind(writer.amounts, kAmountsPerArticle)) {
      phrases = &language.amounts;
    } else if (behind(writer.names.size(), kNamesPerArticle)) {
      phrases = &language.naming;
    } else if (full) {
      break;
    }
    if (sentence > 0) body += sentence % 4 == 0 ? "\n\n" : " ";
    writer.Write(random.Pick(*phrases), body);
  }
  return article;
}

}  // namespace tocsin
