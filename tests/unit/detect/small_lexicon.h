// A lexicon small enough to read, for tests of the parts of name detection.
#ifndef TOCSIN_TESTS_UNIT_DETECT_SMALL_LEXICON_H_
#define TOCSIN_TESTS_UNIT_DETECT_SMALL_LEXICON_H_

#include <memory>
#include <string>

#include "../lexicon/data_folder.h"
#include "absl/strings/string_view.h"
#include "detect/name_lists.h"
#include "detect/name_text.h"
#include "detect/name_words.h"
#include "lexicon/text_rules.h"
#include "text/parse.h"

namespace tocsin {

// The language of the tests is English: `xx` has no tables.
class SmallLexicon {
 public:
  SmallLexicon() {
    const DataFolder data;
    data.Write("lexicon/en/name_words.tsv",
               "stop\tthe|of|and|in|by|at\n"
               "determiner\tthe\n"
               "conjunction\tand\n"
               "connector\tof|and\n"
               "particle\tvan|der|de\n"
               "title\tmr\n"
               "function\tminister\n"
               "report\tsays\n"
               "org_head\tCourt|University|Council|Foundation\n"
               "org_intro\tcompany\n"
               "place_head\tLake\n"
               "legal_form\tLtd\n"
               "name_article\tal\n"
               "genitive\ts\n");
    data.Write("lexicon/en/common_words.tsv",
               "0shell 0new 0court 0company 0minister 0rose 0council\n");
    data.Write("names/given_names.tsv", "Anna Ali Rose Mary\n");
    data.Write("names/person_names.tsv", "Berg Jansen\n");
    data.Write("names/curated-all.tsv",
               "OpenAI\tORGANIZATION\tOpen AI\n"
               "Philips\tORGANIZATION\n"
               "xAI\tORGANIZATION\n"
               "White House\tORGANIZATION\n"
               "Sam Altman\tPERSON\n");
    data.Write("names/places.tsv",
               "Utrecht\tPLACE\t\t300000\n"
               "France\tPLACE\t\t1000000000\n"
               "Mary\tPLACE\t\t120000\n");
    const auto lexicon = Lexicon::Load(data.Options()).value();
    auto vocabulary = std::make_shared<Vocabulary>();
    lists_ = std::make_unique<NameLists>(
        NameLists::Create(*lexicon, *vocabulary).value());
    words_ = std::make_unique<NameWords>(
        NameWords::Create(*lexicon, "en", NameWords::People(*lexicon),
                          *vocabulary)
            .value());
    words_->Finish(*vocabulary, lists_->small_starts());
    rules_ = CompileTextRules(*lexicon).value();
    rules_.vocabulary = vocabulary;
  }

  const NameWords& words() const { return *words_; }
  const NameLists& lists() const { return *lists_; }

  // An article with this body, parsed; the pair lives as long as the document
  // is looked at.
  struct Parsed {
    Article article;
    Document document;
  };
  std::unique_ptr<const Parsed> Parse(absl::string_view body) const {
    auto parsed = std::make_unique<Parsed>();
    parsed->article.language = "en";
    parsed->article.body = std::string(body);
    parsed->document = tocsin::Parse(parsed->article, rules_);
    return parsed;
  }

 private:
  std::unique_ptr<NameWords> words_;
  std::unique_ptr<NameLists> lists_;
  TextRules rules_;
};

inline const SmallLexicon& TheSmallLexicon() {
  static const SmallLexicon& lexicon = *new SmallLexicon();
  return lexicon;
}

}  // namespace tocsin

#endif  // TOCSIN_TESTS_UNIT_DETECT_SMALL_LEXICON_H_
