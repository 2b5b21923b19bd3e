#include "pipeline/subscription_book.h"

#include <xxhash.h>

#include <chrono>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/failpoint.h"
#include "base/logging.h"
#include "base/status_macros.h"
#include "storage/read_records.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

// Attempts and positions are written so often at the latest.
constexpr absl::Duration kSweepEvery = absl::Seconds(1);

// While acks wait for space.
constexpr std::chrono::milliseconds kLookForSpaceEvery{200};

// A disk that filled up: nothing was written, and the store itself is well.
bool IsFull(const absl::Status& status, const Store& store) {
  return absl::IsResourceExhausted(status) && store.Health().ok();
}

absl::Status NoSuch(absl::string_view id) {
  return absl::NotFoundError(
      absl::StrCat("there is no subscription `", id, "`"));
}

}  // namespace

std::string SubscriptionEtag(absl::string_view id,
                             const SubscriptionRecord& definition) {
  const std::string text = absl::StrCat(id, " ", definition.create_time(), " ",
                                        definition.revision());
  return absl::StrFormat("%016x", XXH3_64bits(text.data(), text.size()));
}

// ---- From start to end

SubscriptionBook::SubscriptionBook(Options options, Store& store,
                                   AlertFeed& feed, uint64_t generation)
    : options_(std::move(options)),
      store_(store),
      feed_(feed),
      generation_(generation),
      writer_([this] { RunWriter(); }),
      waker_([this] { RunWaker(); }) {}

absl::StatusOr<std::unique_ptr<SubscriptionBook>> SubscriptionBook::Create(
    Options options, Store& store, AlertFeed& feed) {
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> text,
                          store.Get(Family::kMeta, kGenerationKey));
  uint64_t generation = 0;
  if (text.has_value() && !absl::SimpleAtoi(*text, &generation)) {
    return absl::DataLossError("the stored generation is damaged");
  }
  std::unique_ptr<SubscriptionBook> book(
      new SubscriptionBook(std::move(options), store, feed, generation));
  TOCSIN_RETURN_IF_ERROR(book->Load());
  return book;
}

absl::Status SubscriptionBook::Load() {
  const Snapshot snapshot = store_.GetSnapshot();
  std::map<std::string, std::set<uint64_t>> letters;
  std::map<std::string, SubscriptionRecord> definitions;
  absl::Status damage;
  TOCSIN_RETURN_IF_ERROR(
      snapshot.Scan(Family::kLetters, "", "", /*reverse=*/false,
                    [&](absl::string_view key, absl::string_view) {
                      const auto parts = ParseLetterKey(key);
                      if (!parts.has_value()) {
                        damage = DamagedRow(Family::kLetters, key);
                        return false;
                      }
                      letters[parts->subscription].insert(parts->sequence);
                      return true;
                    }));
  TOCSIN_RETURN_IF_ERROR(damage);
  TOCSIN_RETURN_IF_ERROR(ScanRecords<SubscriptionRecord>(
      snapshot, Family::kSubscriptions, "", "", /*reverse=*/false,
      [&](absl::string_view key, SubscriptionRecord& definition) {
        definitions[std::string(key)] = std::move(definition);
        return true;
      }));
  MutexLock lock(mu_);
  for (const auto& [id, definition] : definitions) {
    TOCSIN_ASSIGN_OR_RETURN(
        const std::optional<CursorRecord> cursor,
        ReadRecord<CursorRecord>(snapshot, Family::kCursors, id));
    if (!cursor.has_value()) return DamagedRow(Family::kCursors, id);
    TOCSIN_ASSIGN_OR_RETURN(
        SubscriptionState state,
        SubscriptionState::Restore(LimitsOf(definition), *cursor,
                                   std::move(letters[id])));
    entries_[id] = std::make_shared<SharedSubscription>(
        store_, feed_, id, definition, options_.compile(definition.filter()),
        std::move(state));
  }
  return absl::OkStatus();
}

SubscriptionBook::~SubscriptionBook() {
  {
    MutexLock lock(mu_);
    closing_ = true;
    for (const auto& [id, entry] : entries_) {
      if (entry->HasUnwritten()) unwritten_.insert(entry);
    }
    to_write_.NotifyAll();
    to_wake_.NotifyAll();
  }
  writer_.join();
  waker_.join();
}

void SubscriptionBook::Tick(absl::Time now, absl::Time wall_time) {
  bool sweep = false;
  {
    MutexLock lock(mu_);
    now_ = std::max(now_, now);
    wall_time_ = wall_time;
    sweep = now_ - last_sweep_ >= kSweepEvery;
    if (sweep) last_sweep_ = now_;
  }
  for (const Entry& entry : All()) {
    SharedSubscription::Signals signals = entry->Tick(now);
    signals.write |= sweep && entry->HasUnwritten();
    Follow(entry, signals);
  }
}

void SubscriptionBook::Drain(absl::Duration grace) {
  absl::Time until;
  {
    MutexLock lock(mu_);
    draining_ = true;
    until = now_ + grace;
  }
  for (const Entry& entry : All()) {
    entry->Drain(until);
    Wake(entry);
  }
}

// ---- Finding and following

absl::StatusOr<SubscriptionBook::Entry> SubscriptionBook::Find(
    absl::string_view id) const {
  MutexLock lock(mu_);
  const auto found = entries_.find(std::string(id));
  if (found == entries_.end()) return NoSuch(id);
  return found->second;
}

std::vector<SubscriptionBook::Entry> SubscriptionBook::All() const {
  std::vector<Entry> all;
  MutexLock lock(mu_);
  all.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) all.push_back(entry);
  return all;
}

absl::StatusOr<SubscriptionInfo> SubscriptionBook::Get(
    absl::string_view id) const {
  TOCSIN_ASSIGN_OR_RETURN(const Entry entry, Find(id));
  return entry->Info();
}

std::vector<SubscriptionInfo> SubscriptionBook::List(absl::string_view after,
                                                     size_t limit) const {
  std::vector<Entry> chosen;
  {
    MutexLock lock(mu_);
    for (auto it = entries_.upper_bound(std::string(after));
         it != entries_.end() && chosen.size() < limit; ++it) {
      chosen.push_back(it->second);
    }
  }
  std::vector<SubscriptionInfo> infos;
  infos.reserve(chosen.size());
  for (const Entry& entry : chosen) infos.push_back(entry->Info());
  return infos;
}

void SubscriptionBook::Follow(const Entry& entry,
                              SharedSubscription::Signals signals) {
  if (!signals.write && !signals.wake) return;
  MutexLock lock(mu_);
  if (signals.write && unwritten_.insert(entry).second) to_write_.NotifyOne();
  if (signals.wake && stirred_.insert(entry).second) to_wake_.NotifyOne();
}

void SubscriptionBook::Wake(const Entry& entry) {
  Follow(entry, {/*write=*/false, /*wake=*/true});
}

// ---- The threads

absl::Status SubscriptionBook::CheckNothingWaits() {
  if (!waiting_.has_value()) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      "the disk is full: acks wait for space, and so does this");
}

absl::Status SubscriptionBook::WriteStates(StoreBatch batch,
                                           const std::vector<Entry>& entries,
                                           IfFull if_full) {
  absl::Time wall_time;
  {
    MutexLock lock(mu_);
    if (!failure_.ok()) return failure_;
    wall_time = wall_time_;
  }
  StateWrite write{std::move(batch), entries, {}};
  absl::Status status;
  for (const Entry& entry : entries) {
    const absl::StatusOr<uint64_t> change =
        entry->AddTo(write.batch, wall_time);
    if (!change.ok()) status = change.status();
    write.changes.push_back(change.value_or(0));
  }
  if (!status.ok()) {
    Fail(status);
    return status;
  }
  status = TryToWrite(write);
  if (if_full == IfFull::kKeep && IsFull(status, store_)) {
    waiting_ = std::move(write);
    MutexLock lock(mu_);
    has_waiting_ = true;
    to_write_.NotifyOne();
  }
  return status;
}

absl::Status SubscriptionBook::TryToWrite(StateWrite& write) {
  absl::Status status = TOCSIN_FAILPOINT("pull.ack.before");
  if (status.ok()) status = store_.Write(write.batch, /*sync=*/true);
  if (status.ok()) status = TOCSIN_FAILPOINT("pull.ack.after");
  if (IsFull(status, store_)) return status;
  if (!status.ok()) {
    Fail(status);
    return status;
  }
  for (size_t i = 0; i < write.entries.size(); ++i) {
    write.entries[i]->Durable(write.changes[i]);
    Wake(write.entries[i]);
  }
  return absl::OkStatus();
}

void SubscriptionBook::Fail(const absl::Status& why) {
  Log(LogLevel::kError, "subscriptions cannot be written",
      {{"error", why.ToString()}});
  {
    MutexLock lock(mu_);
    if (failure_.ok()) failure_ = why;
  }
  for (const Entry& entry : All()) {
    entry->End(why);
    Wake(entry);
  }
}

void SubscriptionBook::RunWriter() {
  while (true) {
    bool closing = false;
    {
      MutexLock lock(mu_);
      while (unwritten_.empty() && !has_waiting_ && !closing_) {
        to_write_.Wait(mu_);
      }
      if (unwritten_.empty() && !has_waiting_) return;
      closing = closing_;
    }
    const bool written = WriteWaiting() && WriteUnwritten();
    if (closing && !written) return;
    MutexLock lock(mu_);
    if (has_waiting_ && !closing_) to_write_.WaitFor(mu_, kLookForSpaceEvery);
  }
}

bool SubscriptionBook::WriteWaiting() {
  MutexLock write(write_mu_);
  if (!waiting_.has_value()) return true;
  if (!store_.CheckSpaceForAcks().ok() ||
      IsFull(TryToWrite(*waiting_), store_)) {
    return false;
  }
  waiting_.reset();
  MutexLock lock(mu_);
  has_waiting_ = false;
  return true;
}

bool SubscriptionBook::WriteUnwritten() {
  const bool has_space = store_.CheckSpaceForAcks().ok();
  MutexLock write(write_mu_);
  if (waiting_.has_value()) return false;  // By a change, just now.
  std::vector<Entry> entries;
  {
    MutexLock lock(mu_);
    // Without space the next tick asks again for what has to be written.
    const std::set<Entry> unwritten = std::exchange(unwritten_, {});
    if (!has_space) return false;
    for (const Entry& entry : unwritten) {
      // Not one that was deleted meanwhile.
      const auto it = entries_.find(entry->id());
      if (it != entries_.end() && it->second == entry) entries.push_back(entry);
    }
  }
  if (entries.empty()) return true;
  return !IsFull(WriteStates(StoreBatch(store_), entries, IfFull::kKeep),
                 store_);
}

void SubscriptionBook::RunWaker() {
  const auto grow = [this] {
    MutexLock lock(mu_);
    grown_ = true;
    to_wake_.NotifyOne();
  };
  AlertFeed::Handle handle = feed_.CallWhenPast(feed_.last_sequence(), grow);
  while (true) {
    std::set<Entry> stirred;
    bool grown = false;
    {
      MutexLock lock(mu_);
      while (stirred_.empty() && !grown_ && !closing_) to_wake_.Wait(mu_);
      if (closing_) break;
      grown = std::exchange(grown_, false);
      stirred.swap(stirred_);
    }
    if (grown) {
      // Watch for the next growth before anybody reads: none goes unseen.
      feed_.Cancel(handle);
      handle = feed_.CallWhenPast(feed_.last_sequence(), grow);
      for (Entry& entry : All()) stirred.insert(std::move(entry));
    }
    for (const Entry& entry : stirred) {
      for (const std::function<void()>& wake : entry->TakeWakes()) wake();
    }
  }
  feed_.Cancel(handle);
}

// ---- Consumers

absl::StatusOr<std::unique_ptr<PullConsumer>> SubscriptionBook::Join(
    absl::string_view id, size_t max_outstanding, std::function<void()> wake) {
  {
    MutexLock lock(mu_);
    if (!failure_.ok()) return failure_;
    if (draining_) return absl::UnavailableError("the daemon is stopping");
  }
  TOCSIN_ASSIGN_OR_RETURN(Entry entry, Find(id));
  TOCSIN_ASSIGN_OR_RETURN(const SharedSubscription::ConsumerId consumer,
                          entry->Join(max_outstanding, std::move(wake)));
  return std::unique_ptr<PullConsumer>(
      new PullConsumer(*this, std::move(entry), consumer));
}

PullConsumer::PullConsumer(SubscriptionBook& book,
                           SubscriptionBook::Entry entry,
                           SharedSubscription::ConsumerId id)
    : book_(book), entry_(std::move(entry)), id_(id) {}

PullConsumer::~PullConsumer() { book_.Follow(entry_, entry_->Leave(id_)); }

void PullConsumer::Apply(absl::Span<const PullVerdict> verdicts,
                         uint64_t ack_through, absl::Time now) {
  book_.Follow(entry_, entry_->Apply(id_, verdicts, ack_through, now));
}

PullBatch PullConsumer::Take(absl::Time now) { return entry_->Take(id_, now); }

void PullConsumer::Close(absl::Time now) {
  book_.Follow(entry_, entry_->Close(id_, now));
}

size_t PullConsumer::AnswersWaiting() const {
  return entry_->AnswersWaiting(id_);
}

}  // namespace tocsin
