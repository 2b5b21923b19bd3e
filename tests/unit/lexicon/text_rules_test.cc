#include "lexicon/text_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_folder.h"
#include "text/fold.h"

namespace tocsin {
namespace {

using testing::HasSubstr;

absl::StatusOr<TextRules> Compile(const DataFolder& data) {
  const auto lexicon = Lexicon::Load(data.Options());
  EXPECT_TRUE(lexicon.ok()) << lexicon.status();
  return CompileTextRules(**lexicon);
}

TEST(TextRules, AreCompiledFromTheTables) {
  const DataFolder data;
  data.Write("lexicon/xx/abbreviations.tsv", "Mrd. m.fl.\nz.B.\n");
  data.Write("lexicon/xx/function-words.tsv", "und oder\näh\n");
  data.Write("lexicon/xx/sentences.tsv", "ordinal_period\tyes\n");
  data.Write("lexicon/yy/other.tsv", "x\n");
  const auto rules = Compile(data);
  ASSERT_TRUE(rules.ok()) << rules.status();
  const SentenceRules& xx = rules->sentences.at("xx");
  EXPECT_TRUE(xx.abbreviations.contains(ExactHash("Mrd")));
  EXPECT_FALSE(xx.abbreviations.contains(ExactHash("mrd")));
  EXPECT_TRUE(xx.abbreviations.contains(ExactHash("fl")));
  EXPECT_TRUE(xx.abbreviations.contains(ExactHash("Fl")));
  EXPECT_TRUE(xx.function_words.contains(FoldedHash("Und")));
  EXPECT_TRUE(xx.function_words.contains(FoldedHash("ah")));
  EXPECT_TRUE(xx.ordinal_period);
  EXPECT_FALSE(rules->sentences.at("yy").ordinal_period);
}

TEST(TextRules, ErrorsNameTheLine) {
  const struct {
    const char* file;
    const char* content;
    const char* message;
  } kCases[] = {
      {"lexicon/xx/abbreviations.tsv", "Mrd. Mio\n",
       "lexicon/xx/abbreviations.tsv:1: Mio: no word before a period"},
      {"lexicon/xx/sentences.tsv", "# x\nordinal_period\tmaybe\n",
       "lexicon/xx/sentences.tsv:2: expected"},
  };
  for (const auto& c : kCases) {
    const DataFolder data;
    data.Write(c.file, c.content);
    const auto rules = Compile(data);
    EXPECT_THAT(std::string(rules.status().message()), HasSubstr(c.message));
  }
}

// Of the shipped data: what each language's sentences need.
TEST(TextRules, TheShippedDataSplitsSentences) {
  LexiconOptions options;
  options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
  const auto lexicon = Lexicon::Load(options);
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  const auto rules = CompileTextRules(**lexicon);
  ASSERT_TRUE(rules.ok()) << rules.status();
  const struct {
    const char* language;
    const char* text;
    size_t sentences;
  } kCases[] = {
      {"de", "Das kostet 3,5 Mrd. Euro, z. B. in Berlin. Am 22. Januar nicht.",
       2},
      {"da", "Det er bl.a. 5 mia. kr. til dr. Hansen. Den 3. marts kom han.",
       2},
      {"sv", "Det är bl.a. 5 mdr. kronor till dr. Berg. Den 3 mars kom han.",
       2},
      {"nl", "Het kost ca. 5 mln. euro volgens dhr. De Vries. Meer niet.", 2},
      {"en",
       "Mr. Smith paid $5 to Acme Inc. on Jan. 5 in the U.S. market. "
       "No more.",
       2},
      {"nb", "Det er bl.a. 5 mrd. kroner til dr. Hansen. Den 3. mars kom han.",
       2},
      {"fr", "M. Dupont a payé env. 5 euros. Rien de plus.", 2},
  };
  for (const auto& c : kCases) {
    Article article;
    article.language = c.language;
    article.body = c.text;
    EXPECT_EQ(Parse(article, *rules).sentences.size(), c.sentences) << c.text;
  }
}

TEST(TextRules, TheShippedDataTellsLanguagesApart) {
  LexiconOptions options;
  options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
  const auto lexicon = Lexicon::Load(options);
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  const auto rules = CompileTextRules(**lexicon);
  ASSERT_TRUE(rules.ok()) << rules.status();
  const struct {
    const char* language;
    const char* text;
  } kCases[] = {
      {"nb",
       "Regjeringen sier at selskapet må betale tilbake pengene etter at "
       "virksomheten ble stanset forrige uke. Hun mener at det ikke er "
       "noen annen mulighet, og at kommunen selv må ta ansvar."},
      {"da",
       "Regeringen siger, at selskabet skal betale pengene tilbage, "
       "efter at virksomheden blev standset i sidste uge. Hun mener, at "
       "der ikke er nogen anden mulighed."},
      {"sv",
       "Regeringen säger att bolaget måste betala tillbaka pengarna "
       "efter att verksamheten stoppades förra veckan. Hon menar att "
       "det inte finns någon annan möjlighet."},
      {"nl",
       "De regering zegt dat het bedrijf het geld moet terugbetalen nadat "
       "de activiteiten vorige week werden stilgelegd. Volgens haar is "
       "er geen andere mogelijkheid."},
      {"de",
       "Die Regierung sagt, dass das Unternehmen das Geld zurückzahlen "
       "muss, nachdem der Betrieb vorige Woche eingestellt wurde. Eine "
       "andere Möglichkeit gebe es nicht."},
      {"en",
       "The government says that the company must pay back the money "
       "after operations were stopped last week. She thinks that there "
       "is no other way."},
      {"fr",
       "Le gouvernement affirme que la société doit rembourser l'argent "
       "après l'arrêt des activités la semaine dernière. Selon elle, il "
       "n'y a pas d'autre possibilité."},
      {"es",
       "El gobierno dice que la empresa debe devolver el dinero después "
       "de que las actividades se detuvieran la semana pasada."},
      {"fi",
       "Hallituksen mukaan yhtiön on maksettava rahat takaisin, kun "
       "toiminta keskeytettiin viime viikolla."},
  };
  for (const auto& c : kCases) {
    Article article;
    article.body = c.text;
    EXPECT_EQ(Parse(article, *rules).language, c.language) << c.text;
  }
}

}  // namespace
}  // namespace tocsin
