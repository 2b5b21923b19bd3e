#include "storage/store.h"

#include <sys/statvfs.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/failpoint.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "rocksdb/perf_level.h"
#include "rocksdb/write_batch.h"
#include "storage/high_water.h"
#include "storage/migration.h"
#include "storage/open_database.h"
#include "storage/rocks.h"
#include "storage/snapshot.h"
#include "storage/store_directory.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

// More than all that is in memory can take when it is flushed.
constexpr uint64_t kFlushRoom = 512 << 20;

constexpr absl::Duration kSpaceCheckPeriod = absl::Milliseconds(100);

// Below so much of the reserve nothing is written at all, and how often a
// writer that waits looks again.
constexpr uint64_t kWriteFraction = 4;
constexpr std::chrono::milliseconds kRoomPeriod{50};
constexpr std::chrono::milliseconds kRoomPatience{1000};

// Deleted rows take space, and time to read past, until they are compacted; a
// few of them are not worth it.
constexpr uint64_t kRowsWorthReclaiming = 1000;

// The chain of `commit`, if the revisions after it are those that it leads to.
absl::StatusOr<bool> ChainLeadsTo(const Snapshot& snapshot,
                                  const HighWater& mark,
                                  const CommitRecord& state) {
  uint64_t chain = mark.chain;
  for (uint64_t n = mark.commit + 1; n <= state.last_commit(); ++n) {
    TOCSIN_ASSIGN_OR_RETURN(const std::optional<StoredArticle> article,
                            snapshot.GetRevision(n, /*with_body=*/false));
    if (!article.has_value()) return false;
    chain = NextChain(chain, article->record);
  }
  return chain == state.chain();
}

// A write that waits for a flush gets the error of the flush as a text.
bool IsNoSpace(const rocksdb::Status& status) {
  return status.IsNoSpace() ||
         (status.IsIncomplete() &&
          absl::StrContains(status.ToString(), std::strerror(ENOSPC)));
}

absl::Status Lost(const StoreDirectory& directory, const std::string& what) {
  return absl::DataLossError(absl::StrCat(
      "the store in ", directory.path(), " is not what was acknowledged: ",
      what, " (", directory.high_water(), "). Files of ", directory.database(),
      " were deleted, cut or replaced by older ones. Put them back, or restore "
      "a backup into a new directory (tocsind --restore). To go on with what "
      "is "
      "there, and lose the rest, run tocsind --accept-loss"));
}

}  // namespace

absl::Duration MonotonicNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

struct Store::Impl {
  explicit Impl(const StoreOptions& opened_with)
      : options(opened_with), files(opened_with.directory) {}

  const StoreOptions options;
  const StoreDirectory files;
  std::string epoch;
  EpochHistory ended;
  std::unique_ptr<Rocks> rocks;
  std::unique_ptr<HighWaterFile> high_water;
  bool is_open = false;  // What opening writes waits for nothing.

  // Up to where Reclaim() has worked; its own.
  uint64_t reclaimed_commit = 0;
  uint64_t reclaimed_near = 0;
  uint64_t reclaimed_sequence = 0;
  std::atomic<bool> stopping{false};

  std::atomic<bool> failed{false};
  mutable Mutex mu;
  absl::Status failure ABSL_GUARDED_BY(mu);
  absl::Status space ABSL_GUARDED_BY(mu);
  std::optional<absl::Duration> space_checked ABSL_GUARDED_BY(mu);
};

StoreBatch::StoreBatch(const Store& store)
    : store_(&store), batch_(std::make_unique<rocksdb::WriteBatch>()) {}
StoreBatch::~StoreBatch() = default;
StoreBatch::StoreBatch(StoreBatch&&) noexcept = default;
StoreBatch& StoreBatch::operator=(StoreBatch&&) noexcept = default;

// WriteBatch refuses only sizes of 4 GiB, far above our limits.
void StoreBatch::Put(Family family, absl::string_view key,
                     absl::string_view value) {
  if (family == Family::kBodies && TOCSIN_BROKEN("store.torn")) return;
  batch_->Put(store_->impl_->rocks->Handle(family), ToSlice(key),
              ToSlice(value));
}

void StoreBatch::Delete(Family family, absl::string_view key) {
  batch_->Delete(store_->impl_->rocks->Handle(family), ToSlice(key));
}

void StoreBatch::DeleteRange(Family family, absl::string_view from,
                             absl::string_view to) {
  batch_->DeleteRange(store_->impl_->rocks->Handle(family), ToSlice(from),
                      ToSlice(to));
}

void StoreBatch::Clear() { batch_->Clear(); }
size_t StoreBatch::bytes() const { return batch_->GetDataSize(); }
size_t StoreBatch::keys() const { return static_cast<size_t>(batch_->Count()); }

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::~Store() {
  if (!Health().ok()) return;
  // So that the next start has no log to read again. Nothing depends on it, and
  // where room is scarce RocksDB may wait for it without end.
  if (impl_->options.maintain && FreeBytes() >= kFlushRoom) {
    Flush().IgnoreError();
  }
  if (impl_->high_water != nullptr) impl_->high_water->Sync().IgnoreError();
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(StoreOptions options) {
  const StoreDirectory files(options.directory);
  int format = -1;  // Of what was restored, the database says it.
  if (!options.restored) {
    TOCSIN_ASSIGN_OR_RETURN(format, files.Examine());
  }
  const bool is_new = format == 0;
  if (is_new) TOCSIN_RETURN_IF_ERROR(files.Begin());
  auto impl = std::make_unique<Impl>(options);
  TOCSIN_ASSIGN_OR_RETURN(impl->rocks,
                          OpenDatabase(options, files.database(), is_new));
  auto store = std::unique_ptr<Store>(new Store(std::move(impl)));
  const absl::Status begun = is_new ? store->Make() : store->Resume(format);
  if (begun.ok()) {
    store->impl_->is_open = true;
    return store;
  }
  // As it is: nothing more is to be written to it.
  store->Fail(begun).IgnoreError();
  return begun;
}

absl::Status Store::Make() {
  impl_->epoch = impl_->options.new_epoch;
  StoreBatch batch(*this);
  batch.Put(Family::kMeta, kFormatKey, absl::StrCat(kFormatVersion));
  batch.Put(Family::kMeta, kEpochKey, impl_->epoch);
  TOCSIN_RETURN_IF_ERROR(Write(batch, /*sync=*/true));
  TOCSIN_RETURN_IF_ERROR(NewHighWater());
  return impl_->files.Finish(kFormatVersion);
}

absl::Status Store::Resume(int format) {
  TOCSIN_RETURN_IF_ERROR(LoadEpochs());
  if (impl_->options.restored) {
    TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> text,
                            Get(Family::kMeta, kFormatKey));
    if (!absl::SimpleAtoi(text.value_or(""), &format) ||
        format > kFormatVersion) {
      return absl::FailedPreconditionError(
          absl::StrCat("the backup has format ", text.value_or("unknown"),
                       "; this version reads up to ", kFormatVersion));
    }
  }
  if (format < kFormatVersion) {
    TOCSIN_RETURN_IF_ERROR(Migrate(*this, format, kFormatVersion, Migrations(),
                                   [this](int to) { return SetFormat(to); }));
  } else if (!impl_->options.accept_loss && !impl_->options.restored) {
    TOCSIN_RETURN_IF_ERROR(CheckHighWater());
    return NewHighWater();
  }
  if (impl_->options.accept_loss || impl_->options.restored) {
    return BeginEpoch(impl_->options.new_epoch);
  }
  return absl::OkStatus();
}

absl::Status Store::SetFormat(int format) {
  StoreBatch batch(*this);
  batch.Put(Family::kMeta, kFormatKey, absl::StrCat(format));
  TOCSIN_RETURN_IF_ERROR(Write(batch, /*sync=*/true));
  // From format 2 on a store has a high-water file.
  if (format == 2) TOCSIN_RETURN_IF_ERROR(NewHighWater());
  return impl_->options.restored ? absl::OkStatus()
                                 : impl_->files.SetFormat(format);
}

absl::Status Store::LoadEpochs() {
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> epoch,
                          Get(Family::kMeta, kEpochKey));
  TOCSIN_ASSIGN_OR_RETURN(const std::optional<std::string> ended,
                          Get(Family::kMeta, kEpochHistoryKey));
  if (ended.has_value() && !impl_->ended.ParseFromString(*ended)) {
    return absl::DataLossError(absl::StrCat("the row ", kEpochHistoryKey,
                                            " of `meta` is damaged, in ",
                                            impl_->files.database()));
  }
  if (epoch.has_value()) {
    impl_->epoch = *epoch;
    return absl::OkStatus();
  }
  // A store begins with its epoch: what is left has lost its first write.
  if (!impl_->options.accept_loss) {
    return Lost(impl_->files, "it is empty");
  }
  const absl::StatusOr<HighWater> mark =
      ReadHighWater(impl_->files.high_water());
  impl_->epoch = mark.ok() ? mark->epoch : "unknown";
  return absl::OkStatus();
}

absl::Status Store::CheckHighWater() {
  absl::StatusOr<HighWater> mark = ReadHighWater(impl_->files.high_water());
  if (absl::IsNotFound(mark.status())) {
    return Lost(impl_->files, "the high-water file is missing");
  }
  TOCSIN_RETURN_IF_ERROR(mark.status());
  if (mark->epoch != epoch()) {
    return Lost(impl_->files, absl::StrCat("it is of epoch ", epoch(),
                                           " instead of ", mark->epoch));
  }
  const Snapshot snapshot = GetSnapshot();
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state, snapshot.LatestCommit());
  const uint64_t write = impl_->rocks->db->GetLatestSequenceNumber();
  if (write < mark->write || state.last_commit() < mark->commit) {
    return Lost(impl_->files,
                absl::StrCat("it ends at write ", write, ", commit ",
                             state.last_commit(), " instead of write ",
                             mark->write, ", commit ", mark->commit));
  }
  TOCSIN_ASSIGN_OR_RETURN(const bool leads_here,
                          ChainLeadsTo(snapshot, *mark, state));
  if (leads_here) return absl::OkStatus();
  return Lost(impl_->files,
              absl::StrCat("it has other articles than those up to commit ",
                           mark->commit));
}

absl::Status Store::NewHighWater() {
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state,
                          GetSnapshot().LatestCommit());
  TOCSIN_ASSIGN_OR_RETURN(
      impl_->high_water,
      HighWaterFile::Create(
          impl_->files.high_water(),
          HighWater{epoch(), impl_->rocks->db->GetLatestSequenceNumber(),
                    state.last_commit(), state.chain()},
          impl_->options.monotonic_now()));
  return absl::OkStatus();
}

absl::Status Store::BeginEpoch(const std::string& id) {
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state,
                          GetSnapshot().LatestCommit());
  EndedEpoch* ended = impl_->ended.add_ended();
  ended->set_id(impl_->epoch);
  ended->set_last_sequence(state.last_sequence());
  impl_->epoch = id;
  StoreBatch batch(*this);
  batch.Put(Family::kMeta, kFormatKey, absl::StrCat(kFormatVersion));
  batch.Put(Family::kMeta, kEpochKey, id);
  batch.Put(Family::kMeta, kEpochHistoryKey, impl_->ended.SerializeAsString());
  TOCSIN_RETURN_IF_ERROR(Write(batch, /*sync=*/true));
  return NewHighWater();
}

absl::Status Store::Write(StoreBatch& batch, bool sync) {
  return WriteBatch(batch, sync, nullptr);
}

absl::Status Store::Commit(StoreBatch& batch, const CommitRecord& state) {
  batch.Put(Family::kMeta, kCommitKey, state.SerializeAsString());
  return WriteBatch(batch, /*sync=*/true, &state);
}

absl::Status Store::WriteBatch(StoreBatch& batch, bool sync,
                               const CommitRecord* commit) {
  TOCSIN_RETURN_IF_ERROR(Health());
  TOCSIN_RETURN_IF_ERROR(TOCSIN_FAILPOINT("store.write.before"));
  if (TOCSIN_BROKEN("store.unwritten")) return absl::OkStatus();
  uint64_t write = 0;
  absl::Status written = TryToWrite(batch, sync, write);
  for (auto waited = kRoomPeriod; absl::IsResourceExhausted(written) &&
                                  waited <= kRoomPatience && !impl_->stopping;
       waited += kRoomPeriod) {
    std::this_thread::sleep_for(kRoomPeriod);
    written = TryToWrite(batch, sync, write);
  }
  TOCSIN_RETURN_IF_ERROR(written);
  if (sync && impl_->high_water != nullptr) {
    const absl::Status noted = impl_->high_water->Advance(
        write, commit, impl_->options.monotonic_now());
    if (!noted.ok()) return Fail(noted);
  }
  return TOCSIN_FAILPOINT("store.write.after");
}

// Asks for room every time: a disk fills faster than any period of looking.
absl::Status Store::TryToWrite(StoreBatch& batch, bool sync, uint64_t& write) {
  if (impl_->is_open) TOCSIN_RETURN_IF_ERROR(CheckRoom());
  TOCSIN_ASSIGN_OR_RETURN(const LogRoom::Claim room,
                          impl_->rocks->log_room->Make(batch.bytes()));
  rocksdb::DB& db = *impl_->rocks->db;
  // Counters that nobody reads, kept for each key that is compared.
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  rocksdb::WriteOptions options;
  options.sync = sync && !TOCSIN_BROKEN("store.unsynced");
  // What others write meanwhile comes before or after, but no part of this
  // batch ends before `write`, and a sync covers all that comes before it.
  write = db.GetLatestSequenceNumber() + batch.keys();
  const rocksdb::Status status = db.Write(options, batch.batch_.get());
  if (status.ok()) return absl::OkStatus();
  if (!IsNoSpace(status)) {
    return Fail(
        ToStatus(status, absl::StrCat("a write to the store in ", directory(),
                                      " failed, and nothing more is written")));
  }
  // A flush in the background met the end of the disk. Until RocksDB has made
  // it good (storage/log_room.h) nothing is taken.
  return absl::ResourceExhaustedError(
      absl::StrCat(directory(), ": ", status.ToString()));
}

absl::Status Store::CheckRoom() const {
  const uint64_t free = FreeBytes();
  if (free >= impl_->options.reserve_bytes / kWriteFraction) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("the disk of ", directory(), " is full: ", free >> 20,
                   " MiB are free, and nothing is written"));
}

absl::Status Store::Fail(const absl::Status& failure) {
  MutexLock lock(impl_->mu);
  if (impl_->failure.ok()) impl_->failure = failure;
  impl_->failed.store(true, std::memory_order_release);
  return impl_->failure;
}

absl::StatusOr<std::optional<std::string>> Store::Get(
    Family family, absl::string_view key) const {
  return impl_->rocks->Get(nullptr, family, key);
}

absl::Status Store::Scan(
    Family family, absl::string_view from, absl::string_view to, bool reverse,
    const std::function<bool(absl::string_view, absl::string_view)>& visit)
    const {
  return impl_->rocks->Scan(nullptr, family, from, to, reverse, visit);
}

Snapshot Store::GetSnapshot() const { return Snapshot(*impl_->rocks); }

absl::Status Store::Health() const {
  if (!impl_->failed.load(std::memory_order_acquire)) return absl::OkStatus();
  MutexLock lock(impl_->mu);
  return impl_->failure;
}

absl::Status Store::CheckSpace() const {
  MutexLock lock(impl_->mu);
  const absl::Duration now = impl_->options.monotonic_now();
  if (impl_->space_checked.has_value() &&
      now - *impl_->space_checked < kSpaceCheckPeriod) {
    return impl_->space;
  }
  impl_->space_checked = now;
  const uint64_t free = FreeBytes();
  impl_->space = free >= impl_->options.reserve_bytes
                     ? absl::OkStatus()
                     : absl::ResourceExhaustedError(absl::StrCat(
                           "the disk of ", directory(), " has ", free >> 20,
                           " MiB free, less than the reserve of ",
                           impl_->options.reserve_bytes >> 20, " MiB"));
  return impl_->space;
}

absl::Status Store::CheckSpaceForAcks() const {
  const uint64_t free = FreeBytes();
  if (free >= impl_->options.reserve_bytes / 2) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "the disk of ", directory(), " has ", free >> 20,
      " MiB free, less than half the reserve of ",
      impl_->options.reserve_bytes >> 20, " MiB: acks wait for space"));
}

absl::Status Store::Reclaim() {
  TOCSIN_RETURN_IF_ERROR(Health());
  if (impl_->stopping) return absl::OkStatus();
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord state,
                          GetSnapshot().LatestCommit());
  const auto compact = [&](absl::Span<const Family> families, uint64_t oldest,
                           uint64_t& done) -> absl::Status {
    if (oldest < done + kRowsWorthReclaiming) return absl::OkStatus();
    const std::string end = NumberKey(oldest);
    const rocksdb::Slice to = ToSlice(end);
    rocksdb::CompactRangeOptions options;
    // Not to wait for what a full disk may hold up.
    options.allow_write_stall = true;
    options.canceled = &impl_->stopping;
    for (const Family family : families) {
      const rocksdb::Status compacted = impl_->rocks->db->CompactRange(
          options, impl_->rocks->Handle(family), nullptr, &to);
      if (impl_->stopping) return absl::OkStatus();
      TOCSIN_RETURN_IF_ERROR(ToStatus(compacted, "compaction"));
    }
    done = oldest;
    return absl::OkStatus();
  };
  TOCSIN_RETURN_IF_ERROR(
      compact({Family::kArticles, Family::kBodies, Family::kMentions},
              state.oldest_commit(), impl_->reclaimed_commit));
  TOCSIN_RETURN_IF_ERROR(compact({Family::kNear}, state.oldest_near_commit(),
                                 impl_->reclaimed_near));
  return compact({Family::kAlerts}, state.oldest_sequence(),
                 impl_->reclaimed_sequence);
}

void Store::BeginStop() { impl_->stopping = true; }

uint64_t Store::FreeBytes() const {
  struct statvfs stat;
  if (statvfs(directory().c_str(), &stat) != 0) return 0;
  return static_cast<uint64_t>(stat.f_bavail) * stat.f_frsize;
}

uint64_t Store::DiskBytes() const {
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator it(impl_->files.database(), error), end;
       !error && it != end; it.increment(error)) {
    std::error_code gone;  // Files come and go.
    const uint64_t size = it->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

const std::string& Store::directory() const { return impl_->options.directory; }
const std::string& Store::epoch() const { return impl_->epoch; }
const EpochHistory& Store::ended_epochs() const { return impl_->ended; }
const Rocks& Store::rocks() const { return *impl_->rocks; }

std::string Store::DebugString() const {
  std::string text;
  for (size_t i = 0; i < kFamilyNames.size(); ++i) {
    std::string stats;
    impl_->rocks->db->GetProperty(impl_->rocks->families[i],
                                  rocksdb::DB::Properties::kLevelStats, &stats);
    absl::StrAppend(&text, kFamilyNames[i], "\n", stats);
  }
  return text;
}

absl::Status Store::Flush() {
  const std::vector<rocksdb::ColumnFamilyHandle*> families(
      impl_->rocks->families.begin(), impl_->rocks->families.end());
  rocksdb::FlushOptions options;
  // Not to wait for a compaction, which may have been given up.
  options.allow_write_stall = true;
  return ToStatus(impl_->rocks->db->Flush(options, families), "flush");
}

}  // namespace tocsin
