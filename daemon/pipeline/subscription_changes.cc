// The part of the subscription book that changes definitions and cursors: each
// change is one synced batch, written by the thread that asks for it.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "pipeline/subscription_book.h"
#include "storage/read_records.h"

namespace tocsin {
namespace {

void PutDefinition(absl::string_view id, const SubscriptionRecord& definition,
                   StoreBatch& batch) {
  std::string buffer;
  batch.Put(Family::kSubscriptions, id, Serialize(definition, buffer));
}

}  // namespace

absl::StatusOr<SubscriptionBook::Entry> SubscriptionBook::FindForChange(
    absl::string_view id, absl::string_view etag) const {
  TOCSIN_ASSIGN_OR_RETURN(Entry entry, Find(id));
  const std::string current = SubscriptionEtag(id, entry->definition());
  if (!etag.empty() && etag != current) {
    return absl::AbortedError(absl::StrCat(
        "subscription `", id, "` was changed by somebody else: its etag is `",
        current, "`; read it again"));
  }
  return entry;
}

absl::StatusOr<SubscriptionInfo> SubscriptionBook::Add(
    absl::string_view id, SubscriptionRecord definition, uint64_t position) {
  TOCSIN_ASSIGN_OR_RETURN(AlertMatcher matcher,
                          options_.compile(definition.filter()));
  TOCSIN_RETURN_IF_ERROR(store_.CheckSpaceForAcks());
  MutexLock write(write_mu_);
  TOCSIN_RETURN_IF_ERROR(CheckNothingWaits());
  {
    MutexLock lock(mu_);
    if (entries_.count(std::string(id)) > 0) {
      return absl::AlreadyExistsError(
          absl::StrCat("there is a subscription `", id, "`"));
    }
    if (entries_.size() >= options_.max_subscriptions) {
      return absl::ResourceExhaustedError(
          absl::StrCat("there are ", options_.max_subscriptions,
                       " subscriptions already; delete one"));
    }
  }
  definition.set_revision(1);
  SubscriptionState state(LimitsOf(definition), position, ++generation_, {});
  auto entry = std::make_shared<SharedSubscription>(
      store_, feed_, std::string(id), definition, std::move(matcher),
      std::move(state));
  StoreBatch batch(store_);
  batch.Put(Family::kMeta, kGenerationKey, absl::StrCat(generation_));
  PutDefinition(id, definition, batch);
  TOCSIN_RETURN_IF_ERROR(
      WriteStates(std::move(batch), {entry}, IfFull::kForget));
  MutexLock lock(mu_);
  entries_[std::string(id)] = entry;
  return entry->Info();
}

absl::StatusOr<SubscriptionInfo> SubscriptionBook::Update(
    absl::string_view id, absl::string_view etag,
    absl::FunctionRef<absl::Status(SubscriptionRecord&)> change) {
  TOCSIN_RETURN_IF_ERROR(store_.CheckSpaceForAcks());
  MutexLock write(write_mu_);
  TOCSIN_RETURN_IF_ERROR(CheckNothingWaits());
  TOCSIN_ASSIGN_OR_RETURN(const Entry entry, FindForChange(id, etag));
  const SubscriptionRecord before = entry->definition();
  SubscriptionRecord after = before;
  TOCSIN_RETURN_IF_ERROR(change(after));
  after.set_filter(before.filter());
  after.set_ordered(before.ordered());
  after.set_create_time(before.create_time());
  after.set_revision(before.revision());
  if (after.SerializeAsString() == before.SerializeAsString()) {
    return entry->Info();
  }
  after.set_revision(before.revision() + 1);
  StoreBatch batch(store_);
  PutDefinition(id, after, batch);
  TOCSIN_RETURN_IF_ERROR(WriteStates(std::move(batch), {}, IfFull::kForget));
  entry->SetDefinition(after);
  Wake(entry);  // There may be more room.
  return entry->Info();
}

absl::Status SubscriptionBook::Delete(absl::string_view id,
                                      absl::string_view etag) {
  MutexLock write(write_mu_);
  TOCSIN_RETURN_IF_ERROR(CheckNothingWaits());
  TOCSIN_ASSIGN_OR_RETURN(const Entry entry, FindForChange(id, etag));
  StoreBatch batch(store_);
  batch.Delete(Family::kSubscriptions, id);
  batch.Delete(Family::kCursors, id);
  const std::string prefix = LetterPrefix(id);
  TOCSIN_RETURN_IF_ERROR(store_.Scan(
      Family::kLetters, prefix, PrefixEnd(prefix),
      /*reverse=*/false, [&](absl::string_view key, absl::string_view) {
        batch.Delete(Family::kLetters, key);
        return true;
      }));
  TOCSIN_RETURN_IF_ERROR(WriteStates(std::move(batch), {}, IfFull::kForget));
  {
    MutexLock lock(mu_);
    entries_.erase(std::string(id));
    unwritten_.erase(entry);
  }
  entry->End(
      absl::NotFoundError(absl::StrCat("subscription `", id, "` was deleted")));
  Wake(entry);
  return absl::OkStatus();
}

absl::StatusOr<SubscriptionInfo> SubscriptionBook::Seek(absl::string_view id,
                                                        uint64_t position) {
  TOCSIN_RETURN_IF_ERROR(store_.CheckSpaceForAcks());
  MutexLock write(write_mu_);
  TOCSIN_RETURN_IF_ERROR(CheckNothingWaits());
  TOCSIN_ASSIGN_OR_RETURN(const Entry entry, Find(id));
  entry->Seek(position, ++generation_);
  StoreBatch batch(store_);
  batch.Put(Family::kMeta, kGenerationKey, absl::StrCat(generation_));
  TOCSIN_RETURN_IF_ERROR(WriteStates(std::move(batch), {entry}, IfFull::kKeep));
  return entry->Info();
}

absl::StatusOr<std::vector<StoredLetter>> SubscriptionBook::ListLetters(
    absl::string_view id, uint64_t after, size_t limit) const {
  TOCSIN_ASSIGN_OR_RETURN(const Entry entry, Find(id));
  std::vector<StoredLetter> letters;
  TOCSIN_RETURN_IF_ERROR(ScanRecords<DeadLetterRecord>(
      store_, Family::kLetters, LetterKey(id, after + 1),
      PrefixEnd(LetterPrefix(id)), /*reverse=*/false,
      [&](absl::string_view, DeadLetterRecord& record) {
        if (letters.size() == limit) return false;
        letters.emplace_back().record = std::move(record);
        return true;
      }));
  for (StoredLetter& letter : letters) {
    letter.replaying = entry->IsReplaying(letter.record.alert().sequence());
  }
  return letters;
}

absl::StatusOr<size_t> SubscriptionBook::ReplayLetters(
    absl::string_view id, const std::vector<uint64_t>& sequences) {
  TOCSIN_RETURN_IF_ERROR(store_.CheckSpaceForAcks());
  MutexLock write(write_mu_);
  TOCSIN_RETURN_IF_ERROR(CheckNothingWaits());
  TOCSIN_ASSIGN_OR_RETURN(const Entry entry, Find(id));
  // Letters of this moment may not be on disk yet.
  TOCSIN_RETURN_IF_ERROR(
      WriteStates(StoreBatch(store_), {entry}, IfFull::kKeep));
  TOCSIN_ASSIGN_OR_RETURN(const size_t count, entry->Replay(sequences));
  TOCSIN_RETURN_IF_ERROR(
      WriteStates(StoreBatch(store_), {entry}, IfFull::kKeep));
  return count;
}

}  // namespace tocsin
