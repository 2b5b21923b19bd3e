// Varied text for benchmarks: words of five languages from the system's word
// lists, function words, names and amounts, put together at random. It reads
// like nothing, but has the statistics that cost time: many different words.
#ifndef TOCSIN_TESTS_BENCH_VARIED_TEXT_H_
#define TOCSIN_TESTS_BENCH_VARIED_TEXT_H_

#include <string>
#include <vector>

#include "lexicon/lexicon.h"
#include "text/article.h"

namespace tocsin {

// Articles of about 3 KB, at least `bytes` of text in all, the languages in
// turn. Names are drawn from `names` by Zipf's law, one for about 15 words. A
// language whose word list (Debian's wswedish, wdutch, wngerman, wdanish,
// wamerican) is not installed is left out.
std::vector<Article> MakeVariedArticles(size_t bytes, const Lexicon& lexicon,
                                        const std::vector<std::string>& names);

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_VARIED_TEXT_H_
