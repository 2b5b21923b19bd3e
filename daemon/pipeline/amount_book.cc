#include "pipeline/amount_book.h"

#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/match.h"
#include "storage/amount_key.h"
#include "storage/schema.h"

namespace tocsin {
namespace {

// Kind and unit of a key: all before its first value.
absl::string_view PrefixOf(absl::string_view key) {
  absl::string_view rest = key;
  rest.remove_prefix(1);
  TakeText(rest);
  return key.substr(0, key.size() - rest.size());
}

}  // namespace

bool AddSource(uint32_t hash, SourceHashes& sources) {
  if (sources.size() >= kMaxSources ||
      std::find(sources.begin(), sources.end(), hash) != sources.end()) {
    return false;
  }
  sources.push_back(hash);
  return true;
}

// ---- ByLow

void AmountBook::ByLow::Add(KnownAmount* amount) {
  entries_.push_back(Entry{amount->low, amount});
}

void AmountBook::ByLow::Remove(const KnownAmount* amount) {
  const auto it =
      std::find_if(entries_.begin(), entries_.end(),
                   [&](const Entry& entry) { return entry.amount == amount; });
  if (it == entries_.end()) return;
  if (it - entries_.begin() < static_cast<ptrdiff_t>(sorted_)) --sorted_;
  entries_.erase(it);
}

template <typename Visit>
void AmountBook::ByLow::ForEach(double first, double last, const Visit& visit) {
  // What is not sorted is looked at one by one: about as much of it as the
  // square root of all keeps both that and the sorting cheap.
  const size_t unsorted = entries_.size() - sorted_;
  if (unsorted > 16 && unsorted * unsorted > entries_.size()) {
    const auto by_low = [](const Entry& a, const Entry& b) {
      return a.low < b.low;
    };
    const auto middle = entries_.begin() + static_cast<ptrdiff_t>(sorted_);
    std::stable_sort(middle, entries_.end(), by_low);
    std::inplace_merge(entries_.begin(), middle, entries_.end(), by_low);
    sorted_ = entries_.size();
  }
  const auto end = entries_.begin() + static_cast<ptrdiff_t>(sorted_);
  auto it = std::lower_bound(
      entries_.begin(), end, first,
      [](const Entry& entry, double low) { return entry.low < low; });
  for (; it != end && it->low <= last; ++it) visit(it->amount);
  for (it = end; it != entries_.end(); ++it) {
    if (it->low >= first && it->low <= last) visit(it->amount);
  }
}

// ---- AmountBook

AmountBook::Key::Key(absl::string_view key)
    : text(key), hash(XXH3_64bits(key.data(), key.size())) {}

KnownAmount* AmountBook::Find(const Key& key) const {
  const auto it = by_key_.find(key);
  return it == by_key_.end() ? nullptr : it->second;
}

AmountBook::Found AmountBook::Matches(const Key& key, const Amount& amount) {
  Found matches;
  if (KnownAmount* exact = Find(key); exact != nullptr) {
    matches.push_back(exact);
  }
  // An exact amount can be near only to those that were said approximately.
  ByLow& candidates = amount.approximate ? by_low_ : approximate_;
  if (candidates.empty() || amount.vague) return matches;
  const LowRange range = LowsNear(amount.low.value);
  std::string prefix;  // Kind and unit; made if anything is near.
  candidates.ForEach(range.first, range.last, [&](KnownAmount* known) {
    if (!WithinTwoPercent(known->low, known->high, amount.low.value,
                          amount.high.value)) {
      return;
    }
    if (prefix.empty()) prefix = AmountKeyPrefix(amount);
    if (absl::StartsWith(known->key, prefix) && known->key != key.text) {
      matches.push_back(known);
    }
  });
  return matches;
}

KnownAmount* AmountBook::Latest(const Amount& amount) const {
  if (latest_.empty()) return nullptr;
  const auto it = latest_.find(AmountKeyPrefix(amount));
  return it == latest_.end() ? nullptr : it->second;
}

KnownAmount* AmountBook::Add(KnownAmount amount, uint64_t hash) {
  amounts_.push_back(std::make_unique<KnownAmount>(std::move(amount)));
  KnownAmount* added = amounts_.back().get();
  Key key;
  key.text = added->key;
  key.hash = hash;
  by_key_.emplace(key, added);
  by_low_.Add(added);
  if (added->approximate) approximate_.Add(added);
  if (added->last_anchored_commit != 0) NoteAnchored(added);
  return added;
}

void AmountBook::Note(const Link& link) {
  KnownAmount* known = Find(link.key);
  if (known == nullptr) {
    KnownAmount amount;
    amount.key = std::string(link.key.text);
    amount.low = link.low;
    amount.high = link.high;
    amount.first_seen_at = link.event_time;
    amount.last_seen_at = link.event_time;
    amount.approximate = link.approximate;
    known = Add(std::move(amount), link.key.hash);
  }
  if (known->last_commit != link.commit) {
    known->last_commit = link.commit;
    ++known->article_count;
    known->first_seen_at = std::min(known->first_seen_at, link.event_time);
    known->last_seen_at = std::max(known->last_seen_at, link.event_time);
    AddSource(link.source, known->sources);
  }
  if (!link.approximate) SetExact(known);
  if (link.anchored) {
    known->last_anchored_commit = link.commit;
    known->last_anchored_index = link.index;
    NoteAnchored(known);
  }
}

void AmountBook::Note(const EntitySighting& row, uint64_t commit) {
  for (const LinkedAmount& linked : row.amounts()) {
    const std::optional<Amount> amount = ParseAmountKey(linked.key());
    if (!amount.has_value()) continue;  // Damaged.
    Link link;
    link.key = Key(linked.key());
    link.low = amount->low.value;
    link.high = amount->high.value;
    link.approximate = linked.approximate();
    link.anchored = linked.anchored();
    link.index = linked.index();
    link.commit = commit;
    link.event_time = row.event_time();
    link.source = row.source();
    Note(link);
  }
}

void AmountBook::Absorb(const AmountBook& other) {
  for (const std::unique_ptr<KnownAmount>& moved : other.amounts_) {
    const Key key(moved->key);
    KnownAmount* known = Find(key);
    if (known == nullptr) {
      Add(*moved, key.hash);
      continue;
    }
    known->first_seen_at = std::min(known->first_seen_at, moved->first_seen_at);
    known->last_seen_at = std::max(known->last_seen_at, moved->last_seen_at);
    known->last_commit = std::max(known->last_commit, moved->last_commit);
    known->article_count += moved->article_count;
    for (const uint32_t source : moved->sources) {
      AddSource(source, known->sources);
    }
    if (!moved->approximate) SetExact(known);
    if (moved->last_anchored_commit > known->last_anchored_commit) {
      known->last_anchored_commit = moved->last_anchored_commit;
      known->last_anchored_index = moved->last_anchored_index;
      NoteAnchored(known);
    }
  }
}

void AmountBook::SetExact(KnownAmount* amount) {
  if (!amount->approximate) return;
  amount->approximate = false;
  approximate_.Remove(amount);
}

void AmountBook::NoteAnchored(KnownAmount* amount) {
  KnownAmount*& latest = latest_[PrefixOf(amount->key)];
  if (latest == nullptr ||
      std::pair(amount->last_anchored_commit, amount->last_anchored_index) >=
          std::pair(latest->last_anchored_commit,
                    latest->last_anchored_index)) {
    latest = amount;
  }
}

}  // namespace tocsin
