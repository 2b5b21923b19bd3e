#include "varied_text.h"

#include <cmath>
#include <fstream>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

struct Language {
  std::string tag;
  std::vector<std::string> function_words;
  std::vector<std::string> words;
};

constexpr struct {
  const char* tag;
  const char* word_list;
} kLanguages[] = {{"sv", "/usr/share/dict/swedish"},
                  {"de", "/usr/share/dict/ngerman"},
                  {"da", "/usr/share/dict/danish"},
                  {"nl", "/usr/share/dict/dutch"},
                  {"en", "/usr/share/dict/american-english"}};

// Amounts as all five languages write them.
constexpr const char* kAmounts[] = {
    "5 %", "$4.5 billion", "1.234,5 euro", "12 procent", "300 000 EUR", "€75"};

// Some of the system's word lists are in Latin-1.
std::string ToUtf8(const std::string& word) {
  if (IsValidUtf8(word)) return word;
  std::string out;
  for (const char c : word) AppendUtf8(static_cast<uint8_t>(c), out);
  return out;
}

std::vector<Language> LoadLanguages(const Lexicon& lexicon) {
  std::vector<Language> languages;
  for (const auto& [tag, word_list] : kLanguages) {
    Language language;
    language.tag = tag;
    std::ifstream in(word_list);
    for (std::string word; std::getline(in, word);) {
      language.words.push_back(ToUtf8(word));
    }
    for (const LexiconRow& row : lexicon.Rows(tag, "function-words")) {
      for (absl::string_view word :
           absl::StrSplit(row[0], ' ', absl::SkipEmpty())) {
        language.function_words.emplace_back(word);
      }
    }
    if (!language.words.empty() && !language.function_words.empty()) {
      languages.push_back(std::move(language));
    }
  }
  return languages;
}

class Writer {
 public:
  Writer(const Language& language, const std::vector<std::string>& names,
         std::mt19937_64& random)
      : language_(language), names_(names), random_(random) {}

  std::string Sentence() {
    std::string text;
    const size_t size = 8 + random_() % 16;
    for (size_t i = 0; i < size; ++i) {
      std::string word = Word();
      if (i == 0 && word[0] >= 'a' && word[0] <= 'z') {
        word[0] = static_cast<char>(word[0] - 'a' + 'A');
      }
      absl::StrAppend(&text, i == 0 ? "" : i % 9 == 0 ? ", " : " ", word);
    }
    return text + ". ";
  }

 private:
  // Zipf's law: rank r with a weight of about 1 / r.
  size_t Draw(size_t size) {
    const double u = std::uniform_real_distribution<double>()(random_);
    const double rank = std::pow(static_cast<double>(size) + 1, u) - 1;
    return std::min(size - 1, static_cast<size_t>(rank));
  }

  std::string Word() {
    const uint64_t kind = random_() % 100;
    if (kind < 7 && !names_.empty()) return names_[Draw(names_.size())];
    if (kind < 9) return kAmounts[random_() % std::size(kAmounts)];
    if (kind < 50) {
      return language_.function_words[Draw(language_.function_words.size())];
    }
    return language_.words[random_() % language_.words.size()];
  }

  const Language& language_;
  const std::vector<std::string>& names_;
  std::mt19937_64& random_;
};

}  // namespace

std::vector<Article> MakeVariedArticles(size_t bytes, const Lexicon& lexicon,
                                        const std::vector<std::string>& names) {
  const std::vector<Language> languages = LoadLanguages(lexicon);
  std::vector<Article> articles;
  std::mt19937_64 random(1);
  for (size_t made = 0; made < bytes && !languages.empty();) {
    const Language& language = languages[articles.size() % languages.size()];
    Writer writer(language, names, random);
    Article article;
    article.language = language.tag;
    article.headline = writer.Sentence();
    for (int sentences = 1; article.body.size() < 3000; ++sentences) {
      article.body += writer.Sentence();
      if (sentences % 5 == 0) article.body += "\n\n";
    }
    made += article.headline.size() + article.body.size();
    articles.push_back(std::move(article));
  }
  return articles;
}

}  // namespace tocsin
