// A condition is two words of header, then number and window where they are not
// 0, then the hashes of its words, then its text and key, padded with zeros. A
// filter is two words of header, its windows, then its code. So equal ones are
// equal bytes.
#include "rules/filter_pool.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/hash/hash.h"

namespace tocsin {
namespace {

constexpr size_t kHeaderWords = 2;
constexpr size_t kWordBytes = sizeof(uint64_t);

size_t WordsFor(size_t bytes) { return (bytes + kWordBytes - 1) / kWordBytes; }

// First word: test, field, compare, flags, count of words, of other words.
constexpr uint64_t kWithVague = 1, kHasNumber = 2, kHasWindow = 4;

struct ConditionHeader {
  explicit ConditionHeader(const uint64_t* at)
      : flags(at[0] >> 24 & 0xff),
        words(at[0] >> 32 & 0xffff),
        other(at[0] >> 48),
        text(at[1] & 0xffffffff),
        key(at[1] >> 32) {}

  size_t size() const {
    return kHeaderWords + (flags & kHasNumber ? 1 : 0) +
           (flags & kHasWindow ? 1 : 0) + words + other + WordsFor(text + key);
  }

  uint64_t flags;
  size_t words;
  size_t other;
  size_t text;  // Bytes.
  size_t key;
};

void PackCondition(const Condition& condition, std::vector<uint64_t>& out) {
  const auto number_of = [](auto value) {
    return static_cast<uint64_t>(value);
  };
  uint64_t flags = condition.with_vague ? kWithVague : 0;
  // -0 is 0 too.
  if (condition.number != 0) flags |= kHasNumber;
  if (condition.window != 0) flags |= kHasWindow;
  out.clear();
  out.push_back(number_of(condition.test) | number_of(condition.field) << 8 |
                number_of(condition.compare) << 16 | flags << 24 |
                number_of(condition.words.size()) << 32 |
                number_of(condition.other.size()) << 48);
  out.push_back(condition.text.size() | number_of(condition.key.size()) << 32);
  if (flags & kHasNumber) {
    out.emplace_back();
    std::memcpy(&out.back(), &condition.number, kWordBytes);
  }
  if (flags & kHasWindow) out.push_back(number_of(condition.window));
  out.insert(out.end(), condition.words.begin(), condition.words.end());
  out.insert(out.end(), condition.other.begin(), condition.other.end());
  const std::string text = condition.text + condition.key;
  const size_t begin = out.size();
  out.resize(begin + WordsFor(text.size()));
  std::memcpy(out.data() + begin, text.data(), text.size());
}

// A filter's first word: size of the code, count of windows, about, flag; its
// second: its rules.
struct FilterHeader {
  explicit FilterHeader(const uint64_t* at)
      : code(at[0] & 0xffffffff),
        windows(at[0] >> 32 & 0xffff),
        about(static_cast<FilterAbout>(at[0] >> 48 & 0xff)),
        names_changed((at[0] >> 56) != 0) {}

  size_t code;
  size_t windows;
  FilterAbout about;
  bool names_changed;
};

}  // namespace

// What lies at an id, as far as it tells one from another.
struct FilterPool::ConditionAt {
  const std::vector<uint64_t>& words;
  absl::Span<const uint64_t> operator()(uint32_t id) const {
    return absl::MakeConstSpan(words).subspan(
        id, ConditionHeader(&words[id]).size());
  }
};
struct FilterPool::CodeAt {
  const std::vector<uint64_t>& words;
  absl::Span<const uint64_t> operator()(uint32_t id) const {
    const FilterHeader header(&words[id]);
    return absl::MakeConstSpan(words).subspan(
        id + kHeaderWords + header.windows, (header.code + 1) / 2);
  }
};

template <typename WordsAt>
struct FilterPool::Hash {
  using is_transparent = void;
  WordsAt at;
  size_t operator()(absl::Span<const uint64_t> words) const {
    return absl::HashOf(words);
  }
  size_t operator()(uint32_t id) const { return absl::HashOf(at(id)); }
};
template <typename WordsAt>
struct FilterPool::Equal {
  using is_transparent = void;
  WordsAt at;
  bool operator()(uint32_t a, uint32_t b) const { return a == b; }
  bool operator()(uint32_t id, absl::Span<const uint64_t> words) const {
    return at(id) == words;
  }
  bool operator()(absl::Span<const uint64_t> words, uint32_t id) const {
    return at(id) == words;
  }
};

struct FilterPool::Sets {
  explicit Sets(const std::vector<uint64_t>& words)
      : conditions(0, Hash<ConditionAt>{{words}}, Equal<ConditionAt>{{words}}),
        codes(0, Hash<CodeAt>{{words}}, Equal<CodeAt>{{words}}) {}

  absl::flat_hash_set<uint32_t, Hash<ConditionAt>, Equal<ConditionAt>>
      conditions;
  absl::flat_hash_set<uint32_t, Hash<CodeAt>, Equal<CodeAt>> codes;
};

FilterPool::FilterPool() : sets_(std::make_unique<Sets>(words_)) {}
FilterPool::~FilterPool() = default;

uint32_t FilterPool::Append(absl::Span<const uint64_t> words) {
  const auto id = static_cast<uint32_t>(words_.size());
  words_.insert(words_.end(), words.begin(), words.end());
  return id;
}

uint32_t FilterPool::AddCondition(const Condition& condition) {
  PackCondition(condition, buffer_);
  const auto known = sets_->conditions.find(absl::MakeConstSpan(buffer_));
  if (known != sets_->conditions.end()) return *known;
  const uint32_t id = Append(buffer_);
  sets_->conditions.insert(id);
  return id;
}

void FilterPool::Reserve(size_t filters) {
  // What is not used is never touched, and costs no memory.
  words_.reserve(filters * 16);
  sets_->codes.reserve(filters);
  sets_->conditions.reserve(filters);
}

FilterPool::Added FilterPool::Add(const FilterProgram& program) {
  std::vector<uint64_t> code((program.code.size() + 1) / 2);
  for (size_t i = 0; i < program.code.size(); ++i) {
    CodeWord word = program.code[i];
    if (static_cast<CodeOp>(word >> 30) == CodeOp::kTest) {
      word =
          MakeCode(CodeOp::kTest,
                   AddCondition(program.conditions[word & kCodeArgumentMask]));
    }
    code[i / 2] |= static_cast<uint64_t>(word) << (i % 2 * 32);
  }
  const auto known = sets_->codes.find(absl::MakeConstSpan(code));
  if (known != sets_->codes.end()) return {*known, false};
  const uint64_t header[kHeaderWords] = {
      program.code.size() |
          static_cast<uint64_t>(program.windows.size()) << 32 |
          static_cast<uint64_t>(program.about) << 48 |
          static_cast<uint64_t>(program.names_changed) << 56,
      0};
  const FilterId id = Append(header);
  for (const int64_t window : program.windows)
    words_.push_back(static_cast<uint64_t>(window));
  Append(code);
  sets_->codes.insert(id);
  return {id, true};
}

void FilterPool::Finish() { sets_.reset(); }

void FilterPool::SetRules(FilterId id, Rules rules) {
  words_[id + 1] = rules.begin | static_cast<uint64_t>(rules.count) << 32;
}

FilterPool::Rules FilterPool::rules(FilterId id) const {
  const uint64_t word = words_[id + 1];
  return {static_cast<uint32_t>(word), static_cast<uint32_t>(word >> 32)};
}

FilterAbout FilterPool::about(FilterId id) const {
  return FilterHeader(&words_[id]).about;
}

bool FilterPool::names_changed(FilterId id) const {
  return FilterHeader(&words_[id]).names_changed;
}

std::vector<int64_t> FilterPool::windows(FilterId id) const {
  const auto begin = words_.begin() + id + kHeaderWords;
  return {begin,
          begin + static_cast<ptrdiff_t>(FilterHeader(&words_[id]).windows)};
}

PackedCode FilterPool::code(FilterId id) const {
  const FilterHeader header(&words_[id]);
  return {&words_[id] + kHeaderWords + header.windows, header.code};
}

ConditionView FilterPool::condition(uint32_t id) const {
  const uint64_t* at = &words_[id];
  const ConditionHeader header(at);
  ConditionView view;
  view.test = static_cast<Condition::Test>(at[0] & 0xff);
  view.field = static_cast<FieldId>(at[0] >> 8 & 0xff);
  view.compare = static_cast<Condition::Test>(at[0] >> 16 & 0xff);
  view.with_vague = (header.flags & kWithVague) != 0;
  at += kHeaderWords;
  if (header.flags & kHasNumber) std::memcpy(&view.number, at++, kWordBytes);
  if (header.flags & kHasWindow) view.window = static_cast<int64_t>(*at++);
  view.words = absl::MakeConstSpan(at, header.words);
  at += header.words;
  view.other = absl::MakeConstSpan(at, header.other);
  at += header.other;
  const char* const text = reinterpret_cast<const char*>(at);
  view.text = absl::string_view(text, header.text);
  view.key = absl::string_view(text + header.text, header.key);
  return view;
}

void FilterPool::Prefetch(FilterId id) const {
  constexpr FilterId kLine = 8;  // Words of a cache line.
  const uint64_t* const at = &words_[id];
  __builtin_prefetch(at);
  // Its condition lies before it, if it is its own.
  if (id >= kLine) __builtin_prefetch(at - kLine);
}

}  // namespace tocsin
