#include "detect/analyzer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "analysis_check.h"
#include "detect/near_copy.h"
#include "text/fold.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

std::shared_ptr<const Analyzer> Shipped() {
  static const std::shared_ptr<const Analyzer>& analyzer =
      *new std::shared_ptr<const Analyzer>(
          []() -> std::shared_ptr<const Analyzer> {
            LexiconOptions options;
            options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
            auto lexicon = Lexicon::Load(options);
            EXPECT_TRUE(lexicon.ok()) << lexicon.status();
            if (!lexicon.ok()) return nullptr;
            auto created = Analyzer::Create(*std::move(lexicon));
            EXPECT_TRUE(created.ok()) << created.status();
            return created.ok() ? *std::move(created) : nullptr;
          }());
  return analyzer;
}

Article Sample() {
  Article article;
  article.headline = "Anna Lind leder Nordverk AB";
  article.body =
      "Nordverk AB satsar 500 miljoner kronor i Malmö. Bolaget anställer "
      "200 personer, säger Anna Lind.\n\nVinsten steg med 12 procent till "
      "1,5 miljarder kronor. Lind är nöjd.";
  return article;
}

void ExpectWellFormed(const Analysis& analysis, const Article& article) {
  EXPECT_EQ(BrokenPromise(analysis, article), "");
}

TEST(Analyzer, KeepsWhatMentionHPromises) {
  ASSERT_NE(Shipped(), nullptr);
  for (const char* language : {"sv", "de", "en", "da", "nl", "", "xx"}) {
    Article article = Sample();
    article.language = language;
    ExpectWellFormed(Shipped()->Analyze(article), article);
  }
}

TEST(Analyzer, WordsAreThoseOfHeadlineAndBody) {
  ASSERT_NE(Shipped(), nullptr);
  Article article;
  article.language = "sv";
  article.headline = "Två ord";
  article.body = "Ett – två! GPT-5 kom.";
  const Analysis analysis = Shipped()->Analyze(article);
  EXPECT_THAT(analysis.words,
              testing::ElementsAre(FoldedHash("tva"), FoldedHash("ord"), 0,
                                   FoldedHash("ett"), FoldedHash("tva"), 0,
                                   FoldedHash("gpt"), FoldedHash("5"),
                                   FoldedHash("kom")));
  EXPECT_EQ(analysis.word_count, 7);
  EXPECT_EQ(analysis.simhash, SimHash(analysis.words));
}

TEST(Analyzer, ReportsTheLanguageGivenOrIdentified) {
  ASSERT_NE(Shipped(), nullptr);
  Article article = Sample();
  EXPECT_EQ(Shipped()->Analyze(article).language, "sv");
  article.language = "sv-FI";
  EXPECT_EQ(Shipped()->Analyze(article).language, "sv-FI");
  EXPECT_EQ(Shipped()->Analyze(Article()).language, "und");
}

TEST(Analyzer, ResolvesNamesInAnyCase) {
  ASSERT_NE(Shipped(), nullptr);
  EXPECT_EQ(Shipped()->ResolveName("Nordverk Zeta"), "nordverk-zeta");
  EXPECT_EQ(Shipped()->ResolveName(" ... "), "");
  const std::string berlin = Shipped()->ResolveName("Berlin");
  EXPECT_EQ(Shipped()->ResolveName("berlin"), berlin);
  EXPECT_EQ(Shipped()->ResolveName("BERLIN"), berlin);
}

TEST(Analyzer, TakesAnyBytes) {
  ASSERT_NE(Shipped(), nullptr);
  Article article;
  article.headline = "\xFF\xFE $";
  article.body = std::string("a\0b 5\xC3 \xED\xA0\x80 Mr. \xF0", 16);
  const Analysis analysis = Shipped()->Analyze(article);
  ExpectWellFormed(analysis, article);
}

// Found by analyzer_fuzz: a name that ended within an amount.
TEST(Analyzer, ARangeNeverGoesDown) {
  for (const char* body : {"$5--6$", "5--6 kroner", "-3 to -5 dollars"}) {
    Article article;
    article.language = "en";
    article.body = body;
    ExpectWellFormed(Shipped()->Analyze(article), article);
  }
}

TEST(Analyzer, NamesDoNotReachAcrossTheBoundsOfAmounts) {
  ASSERT_NE(Shipped(), nullptr);
  Article article;
  article.language = "de";
  article.headline = std::string("2\x04\0Y\0\0O\x08\x32-0\xE1", 12);
  ExpectWellFormed(Shipped()->Analyze(article), article);
}

// Threads remember what words said: a thread that has read thousands of words
// in many languages says the same as one that has read nothing.
TEST(Analyzer, WhatWasReadBeforeDoesNotMatter) {
  ASSERT_NE(Shipped(), nullptr);
  std::vector<Article> articles;
  std::mt19937 random(9);
  for (int i = 0; i < 40; ++i) {
    Article article = Sample();
    article.language = std::vector<const char*>{"sv", "de", "en", "xx"}[i % 4];
    for (int k = 0; k < 400; ++k) {
      std::string word(1, static_cast<char>('A' + random() % 26));
      for (size_t n = random() % 12; n-- > 0;) {
        word.push_back("aeinrstlbergstadt"[random() % 17]);
      }
      article.body += " " + word;
    }
    articles.push_back(std::move(article));
  }
  const auto describe = [](const Analysis& analysis) {
    std::string text;
    for (const Mention& mention : analysis.mentions) {
      text += mention.surface + "@" + std::to_string(mention.span.begin);
      if (mention.entity >= 0) {
        const Entity& entity =
            analysis.entities[static_cast<size_t>(mention.entity)];
        text += "=" + entity.key +
                std::to_string(static_cast<int>(entity.type)) + "\n";
      }
    }
    return text;
  };
  std::vector<std::string> after_others;
  for (int round = 0; round < 2; ++round) {
    after_others.clear();
    for (const Article& article : articles) {
      after_others.push_back(describe(Shipped()->Analyze(article)));
    }
  }
  for (size_t i = 0; i < articles.size(); ++i) {
    std::thread([&] {
      EXPECT_EQ(describe(Shipped()->Analyze(articles[i])), after_others[i]);
    }).join();
  }
}

TEST(Analyzer, IsTheSameOnEveryThread) {
  ASSERT_NE(Shipped(), nullptr);
  const Article article = Sample();
  const Analysis expected = Shipped()->Analyze(article);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const Analysis analysis = Shipped()->Analyze(article);
        ASSERT_EQ(analysis.words, expected.words);
        ASSERT_EQ(analysis.mentions.size(), expected.mentions.size());
        for (size_t k = 0; k < expected.entities.size(); ++k) {
          ASSERT_EQ(analysis.entities[k].key, expected.entities[k].key);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tocsin
