#include "text/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>
#include <bit>

#include "absl/strings/ascii.h"
#include "text/fold.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

// What is looked at: enough to be sure of, little enough to cost nothing.
constexpr size_t kVotingTokens = 300;
constexpr size_t kCldBytes = 2000;

// Votes need at least this many words, this share of all words, and this much
// of a lead to decide.
constexpr int kMinVotes = 8;
constexpr double kMinShare = 0.2;
constexpr double kMinLead = 1.25;

std::string AskCld(const Document& document) {
  std::string text(TruncateUtf8(document.headline, kCldBytes));
  text += '\n';
  const absl::string_view body = TruncateUtf8(document.body, kCldBytes);
  text.append(body.data(), body.size());
  CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING,
                          CLD2::UNKNOWN_LANGUAGE};
  std::array<CLD2::Language, 3> languages;
  std::array<int, 3> percent;
  std::array<double, 3> scores;
  int text_bytes = 0;
  int valid_prefix = 0;
  bool reliable = false;
  const CLD2::Language best = CLD2::ExtDetectLanguageSummaryCheckUTF8(
      text.data(), static_cast<int>(text.size()), /*is_plain_text=*/true,
      &hints, /*flags=*/0, languages.data(), percent.data(), scores.data(),
      /*resultchunkvector=*/nullptr, &text_bytes, &reliable, &valid_prefix);
  if (best == CLD2::UNKNOWN_LANGUAGE || !reliable) return "und";
  const std::string code = CLD2::LanguageCode(best);
  // CLD2 says `no` for Norwegian Bokmål, BCP 47 tells the two Norwegians apart.
  if (code == "no") return "nb";
  return std::string(PrimarySubtag(code));
}

bool IsAlnum(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isalnum(c); });
}

}  // namespace

bool IsLanguageTag(absl::string_view tag) {
  if (tag.size() > 35) return false;
  bool first = true;
  while (true) {
    const size_t hyphen = tag.find('-');
    const absl::string_view part = tag.substr(0, hyphen);
    if (part.empty() || part.size() > 8 || !IsAlnum(part)) return false;
    if (first && (part.size() < 2 || !std::all_of(part.begin(), part.end(),
                                                  absl::ascii_isalpha))) {
      return false;
    }
    first = false;
    if (hyphen == absl::string_view::npos) return true;
    tag.remove_prefix(hyphen + 1);
  }
}

std::string NormalizeLanguageTag(absl::string_view tag) {
  if (tag.empty()) return "und";
  const absl::string_view primary = PrimarySubtag(tag);
  std::string out = absl::AsciiStrToLower(primary);
  if (out == "no") out = "nb";
  const absl::string_view rest = tag.substr(primary.size());
  out.append(rest.data(), rest.size());
  return out;
}

absl::string_view PrimarySubtag(absl::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

struct LanguageIdentifier::Votes {
  std::array<double, kMaxLanguages> of = {};  // By language.
  int words = 0;
  int hits = 0;  // Words that some language lists.
};

void LanguageIdentifier::AddWords(absl::string_view language,
                                  const std::vector<std::string>& words,
                                  const std::vector<std::string>& endings) {
  if (words.empty() || languages_.size() == kMaxLanguages) return;
  const uint32_t bit = uint32_t{1} << languages_.size();
  languages_.emplace_back(language);
  for (const std::string& word : words) words_[ExactHash(word)] |= bit;
  for (const std::string& ending : endings) endings_[ExactHash(ending)] |= bit;
}

std::string LanguageIdentifier::Identify(const Document& document) const {
  std::string voted = Vote(document);
  return voted.empty() ? AskCld(document) : voted;
}

LanguageIdentifier::Votes LanguageIdentifier::Count(
    const Document& document) const {
  Votes votes;
  const size_t size = std::min(document.tokens.size(), kVotingTokens);
  for (size_t i = 0; i < size; ++i) {
    const Token& token = document.tokens[i];
    if (token.kind != TokenKind::kWord) continue;
    ++votes.words;
    const auto it = words_.find(ExactHash(document.Text(token)));
    if (it == words_.end()) continue;
    ++votes.hits;
    // A word that several languages share says less about each.
    const double weight = 1.0 / std::popcount(it->second);
    for (uint32_t bits = it->second; bits != 0; bits &= bits - 1) {
      votes.of[static_cast<size_t>(std::countr_zero(bits))] += weight;
    }
  }
  return votes;
}

std::string LanguageIdentifier::Vote(const Document& document) const {
  const Votes votes = Count(document);
  if (votes.hits < kMinVotes || votes.hits < kMinShare * votes.words) return "";
  size_t best = 0;
  size_t second = 1;
  for (size_t i = 1; i < languages_.size(); ++i) {
    if (votes.of[i] > votes.of[best]) {
      second = best;
      best = i;
    } else if (second == best || votes.of[i] > votes.of[second]) {
      second = i;
    }
  }
  if (votes.of[best] < kMinLead * votes.of[second]) {
    return Compare(document, best, second);
  }
  return languages_[best];
}

std::string LanguageIdentifier::Compare(const Document& document, size_t a,
                                        size_t b) const {
  int lead = 0;  // Of `a` over `b`.
  const auto add = [&](const absl::flat_hash_map<uint64_t, uint32_t>& table,
                       absl::string_view text) {
    const auto it = table.find(ExactHash(text));
    if (it == table.end()) return;
    lead += static_cast<int>(it->second >> a & 1) -
            static_cast<int>(it->second >> b & 1);
  };
  const size_t size = std::min(document.tokens.size(), kVotingTokens);
  for (size_t i = 0; i < size; ++i) {
    if (document.tokens[i].kind != TokenKind::kWord) continue;
    const absl::string_view text = document.Text(document.tokens[i]);
    add(words_, text);
    for (size_t ending = 2; ending <= 6 && ending + 2 < text.size(); ++ending) {
      add(endings_, text.substr(text.size() - ending));
    }
  }
  if (lead == 0) return "";
  return languages_[lead > 0 ? a : b];
}

}  // namespace tocsin
