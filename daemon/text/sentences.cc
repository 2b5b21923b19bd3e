// A sentence ends after a terminator that what follows confirms, and at a line
// break unless the text is wrapped. Each place between two tokens is looked at
// once, with a token or two of context on either side.
#include "text/sentences.h"

#include <algorithm>
#include <cstring>

#include "text/fold.h"

namespace tocsin {
namespace {

// Lines up to this long may be wrapped text; a longer one shows that lines are
// paragraphs.
constexpr size_t kWrapWidth = 100;
// A line shorter than this is a heading even in wrapped text.
constexpr size_t kShortLine = 45;

// Whether lines end because they are full: none is longer than any editor would
// wrap at, and there are several, or a full one goes on in small letters.
bool IsWrapped(absl::string_view text) {
  int full_lines = 0;
  bool goes_on = false;
  bool last_is_full = false;
  size_t begin = 0;
  while (begin < text.size()) {
    const void* newline =
        std::memchr(text.data() + begin, '\n', text.size() - begin);
    const size_t end =
        newline == nullptr
            ? text.size()
            : static_cast<size_t>(static_cast<const char*>(newline) -
                                  text.data());
    if (end - begin > kWrapWidth) return false;
    goes_on |=
        last_is_full && begin < end && text[begin] >= 'a' && text[begin] <= 'z';
    last_is_full = end - begin >= kShortLine;
    full_lines += last_is_full;
    begin = end + 1;
  }
  return goes_on || full_lines >= 4;
}

class Splitter {
 public:
  Splitter(uint32_t first, uint32_t last, const SentenceRules& rules,
           Document& document)
      : rules_(rules),
        document_(document),
        tokens_(document.tokens),
        first_(first),
        last_(last),
        text_(document.Text(tokens_[first].field)),
        wrapped_(IsWrapped(text_)) {}

  void Run() {
    uint32_t begin = first_;
    for (uint32_t i = first_ + 1; i < last_; ++i) {
      const Token& token = tokens_[i];
      const Token& before = tokens_[i - 1];
      const bool ends = token.Has(Token::kNewlineBefore)
                            ? EndsAtLine(begin, i)
                            // Most punctuation is a comma.
                            : before.kind == TokenKind::kPunctuation &&
                                  First(before) != ',' &&
                                  token.Has(Token::kSpaceBefore) &&
                                  EndsAtSpace(begin, i);
      if (ends || i - begin >= kMaxSentenceTokens) {
        Close(begin, i);
        begin = i;
      }
    }
    Close(begin, last_);
  }

 private:
  char First(const Token& token) const { return text_[token.begin]; }
  absl::string_view Text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

  bool IsTerminator(const Token& token) const {
    if (token.kind != TokenKind::kPunctuation) return false;
    const absl::string_view text = Text(token);
    return text == "." || text == "!" || text == "?" || text == "\u2026" ||
           text == "\u3002" || text == "\uFF01" || text == "\uFF1F";
  }

  // At the beginning of a line: an entry of a list.
  bool IsBullet(const Token& token) const {
    const absl::string_view text = Text(token);
    return text == "-" || text == "*" || text == "\u2022" || text == "\u2013";
  }

  // What may stand between a terminator and the space after it.
  bool IsCloser(const Token& token) const {
    if (token.kind != TokenKind::kPunctuation) return false;
    const absl::string_view text = Text(token);
    return text == "\"" || text == "'" || text == ")" || text == "]" ||
           text == "\u201D" || text == "\u2019" || text == "\u201C" ||
           text == "\u00BB" || text == "\u00AB" || text == "\u203A";
  }

  // Whether tokens [begin, next) end in a terminator (and closers); sets
  // `terminator` to its index.
  bool FindTerminator(uint32_t begin, uint32_t next,
                      uint32_t& terminator) const {
    uint32_t i = next;
    while (i > begin && i + 3 > next && IsCloser(tokens_[i - 1])) --i;
    if (i == begin || !IsTerminator(tokens_[i - 1])) return false;
    terminator = i - 1;
    return true;
  }

  bool EndsAtLine(uint32_t begin, uint32_t next) const {
    if (!wrapped_) return true;
    const Token& before = tokens_[next - 1];
    const absl::string_view gap =
        text_.substr(before.end, tokens_[next].begin - before.end);
    if (std::count(gap.begin(), gap.end(), '\n') > 1) return true;
    if (IsBullet(tokens_[next])) return true;
    const size_t newline = text_.rfind('\n', before.end - 1);
    const size_t line =
        before.end - (newline == absl::string_view::npos ? 0 : newline + 1);
    return line < kShortLine || EndsAtSpace(begin, next);
  }

  // Whether the space between tokens next-1 and next ends a sentence.
  bool EndsAtSpace(uint32_t begin, uint32_t next) const {
    uint32_t terminator;
    if (!FindTerminator(begin, next, terminator)) return false;
    // The first token after opening quotes and dashes decides.
    uint32_t after = next;
    while (after < last_ && after < next + 3 &&
           tokens_[after].kind == TokenKind::kPunctuation) {
      ++after;
    }
    if (after == last_) return false;
    const Token& word = tokens_[after];
    const bool capital = word.Has(Token::kUpperFirst);
    if (word.kind == TokenKind::kWord && !capital &&
        word.Has(Token::kHasLetter) && !word.Has(Token::kHasDigit) &&
        !word.Has(Token::kNonLatin)) {
      return false;
    }
    if (First(tokens_[terminator]) != '.' || terminator == begin) return true;
    // An ellipsis of three periods ends like any other; a period after a
    // closing quote belongs to no abbreviation.
    const Token& before = tokens_[terminator - 1];
    if (tokens_[terminator].Has(Token::kSpaceBefore)) return true;
    const bool begins_sentence =
        capital && rules_.function_words.contains(word.folded);
    if (before.kind == TokenKind::kWord) {
      if (IsInitial(before)) return false;
      const uint64_t hash = ExactHash(Text(before));
      return begins_sentence ? !rules_.titles.contains(hash)
                             : !rules_.abbreviations.contains(hash);
    }
    if (before.kind == TokenKind::kNumber && rules_.ordinal_period &&
        before.end - before.begin <= 2) {
      return begins_sentence;
    }
    return true;
  }

  // One letter: an initial, or part of `z. B.`.
  bool IsInitial(const Token& token) const {
    const size_t size = token.end - token.begin;
    return token.Has(Token::kHasLetter) && !token.Has(Token::kNonLatin) &&
           (size == 1 || (size == 2 && (First(token) & 0x80) != 0));
  }

  // Makes a sentence of tokens [begin, end).
  void Close(uint32_t begin, uint32_t end) {
    const auto index = static_cast<uint32_t>(document_.sentences.size());
    uint32_t first_word = end;
    for (uint32_t i = end; i-- > begin;) {
      tokens_[i].sentence = index;
      if (tokens_[i].kind == TokenKind::kWord) first_word = i;
    }
    if (first_word < end) tokens_[first_word].flags |= Token::kSentenceStart;
    Sentence sentence;
    sentence.first_token = begin;
    sentence.last_token = end;
    sentence.field = tokens_[begin].field;
    sentence.begin = tokens_[begin].begin;
    sentence.end = tokens_[end - 1].end;
    document_.sentences.push_back(sentence);
  }

  const SentenceRules& rules_;
  Document& document_;
  std::vector<Token>& tokens_;
  const uint32_t first_;
  const uint32_t last_;
  const absl::string_view text_;
  const bool wrapped_;
};

}  // namespace

void SplitSentences(uint32_t first, uint32_t last, const SentenceRules& rules,
                    Document& document) {
  if (first < last) Splitter(first, last, rules, document).Run();
}

}  // namespace tocsin
