#include "filter/phrase.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "text/document.h"
#include "text/tokenizer.h"

namespace tocsin {

std::vector<uint64_t> FoldedWords(absl::string_view text) {
  std::vector<Token> tokens;
  Tokenize(text, Field::kBody, tokens);
  std::vector<uint64_t> words;
  words.reserve(tokens.size());
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::kWord || token.kind == TokenKind::kNumber)
      words.push_back(token.folded);
  }
  return words;
}

bool ContainsPhrase(absl::Span<const uint64_t> words,
                    absl::Span<const uint64_t> phrase) {
  return std::search(words.begin(), words.end(), phrase.begin(),
                     phrase.end()) != words.end();
}

bool MatchesGlob(absl::string_view text, absl::string_view pattern) {
  // Greedy with one point to go back to: the last star.
  size_t at = 0, in_pattern = 0, star = absl::string_view::npos, resume = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      resume = at;
    } else if (in_pattern < pattern.size() && pattern[in_pattern] == text[at]) {
      ++in_pattern;
      ++at;
    } else if (star != absl::string_view::npos) {
      in_pattern = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '*')
    ++in_pattern;
  return in_pattern == pattern.size();
}

bool ContainsIgnoringCase(absl::string_view text, absl::string_view part) {
  const auto same = [](char a, char b) {
    return absl::ascii_tolower(static_cast<unsigned char>(a)) ==
           absl::ascii_tolower(static_cast<unsigned char>(b));
  };
  return part.empty() || std::search(text.begin(), text.end(), part.begin(),
                                     part.end(), same) != text.end();
}

bool LanguageMatches(absl::string_view tag, absl::string_view range) {
  return absl::StartsWithIgnoreCase(tag, range) &&
         (tag.size() == range.size() || tag[range.size()] == '-');
}

}  // namespace tocsin
