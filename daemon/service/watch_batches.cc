#include "service/watch_batches.h"

#include <algorithm>
#include <vector>

#include "base/failpoint.h"
#include "base/status_macros.h"
#include "service/compile_filter.h"
#include "service/convert_alert.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {
namespace {

// Far below gRPC's usual limit of 4 MiB for a message.
constexpr size_t kMaxMessageBytes = 1 << 20;

// A batch ends at the latest where the sequence is a multiple of this. A filter
// may look at more alerts for one that it wants.
constexpr uint64_t kStride = kMaxAlertsPerMessage;
constexpr uint64_t kFilteredStride = 1024;

// Selections that nobody holds are swept out when so many were added.
constexpr size_t kSweepSelections = 1024;

// The string becomes the buffer: its bytes are not copied.
grpc::ByteBuffer ToBuffer(std::string bytes) {
  auto* owned = new std::string(std::move(bytes));
  const grpc::Slice slice(
      owned->data(), owned->size(),
      [](void* string) { delete static_cast<std::string*>(string); }, owned);
  return grpc::ByteBuffer(&slice, 1);
}

size_t MemoryOf(const WatchBatch& batch) {
  return batch.response.Length() + sizeof(WatchBatch) + 128;
}

bool Matches(const Filter* filter, const AlertRecord& record) {
  return filter == nullptr || filter->Matches(AlertSubject(record).subject());
}

void Append(const LoggedAlert& alert, std::string& response) {
  if (TOCSIN_BROKEN("watch.swap")) {
    response.insert(0, alert.encoded());
  } else if (!TOCSIN_BROKEN("watch.skip")) {
    response += alert.encoded();
  }
  if (TOCSIN_BROKEN("watch.repeat")) response += alert.encoded();
}

}  // namespace

WatchBatches::WatchBatches(const AlertFeed& feed, size_t cache_bytes)
    : feed_(feed), cache_bytes_(cache_bytes) {}

absl::StatusOr<std::shared_ptr<const WatchSelection>> WatchBatches::Select(
    const std::string& filter) {
  {
    MutexLock lock(mu_);
    const auto known = selections_.find(filter);
    if (known != selections_.end()) {
      if (auto selection = known->second.lock()) return selection;
    }
  }
  auto selection = std::make_shared<WatchSelection>();
  TOCSIN_ASSIGN_OR_RETURN(selection->filter,
                          CompileFilter(filter, FilterPlace::kAlert));
  MutexLock lock(mu_);
  selection->number = ++last_number_;
  if (last_number_ % kSweepSelections == 0) {
    absl::erase_if(selections_,
                   [](const auto& entry) { return entry.second.expired(); });
  }
  // Two that come at once do not share; nothing is wrong with that.
  selections_[filter] = selection;
  return selection;
}

absl::StatusOr<std::shared_ptr<const WatchBatch>> WatchBatches::Next(
    const std::shared_ptr<const WatchSelection>& selection, uint64_t after) {
  const bool shared = selection.use_count() > 1;
  const Key key(selection->number, after);
  if (shared) {
    if (auto batch = Find(key, feed_.last_sequence())) return batch;
  }
  TOCSIN_ASSIGN_OR_RETURN(auto batch, Build(selection->filter.get(), after));
  if (shared) Keep(key, batch);
  return batch;
}

std::shared_ptr<const WatchBatch> WatchBatches::ProgressMark(
    uint64_t position) const {
  WatchBatch mark;
  mark.end = position;
  return Finish("", std::move(mark));
}

absl::StatusOr<std::shared_ptr<const WatchBatch>> WatchBatches::Build(
    const Filter* filter, uint64_t after) const {
  const uint64_t stride = filter == nullptr ? kStride : kFilteredStride;
  const uint64_t stop = after - after % stride + stride;
  WatchBatch batch;
  batch.end = after;
  std::string response;
  while (!batch.complete && !batch.at_end) {
    const uint64_t limit = std::min(stop - batch.end, kStride);
    TOCSIN_ASSIGN_OR_RETURN(const auto alerts, feed_.Read(batch.end, limit));
    if (response.empty() && filter == nullptr) {
      size_t bytes = 64;
      for (const auto& alert : alerts) bytes += alert->encoded().size();
      response.reserve(std::min(bytes, kMaxMessageBytes));
    }
    for (const std::shared_ptr<const LoggedAlert>& alert : alerts) {
      if (Matches(filter, alert->record)) {
        if (batch.alert_count > 0 &&
            (batch.alert_count == kMaxAlertsPerMessage ||
             response.size() + alert->encoded().size() > kMaxMessageBytes)) {
          batch.complete = true;
          break;
        }
        Append(*alert, response);
        ++batch.alert_count;
      }
      batch.end = alert->sequence();
    }
    if (batch.end == stop) batch.complete = true;
    batch.at_end = !batch.complete && alerts.size() < limit;
  }
  return Finish(std::move(response), std::move(batch));
}

// Serialized messages one after the other are merged by who parses them.
std::shared_ptr<const WatchBatch> WatchBatches::Finish(std::string response,
                                                       WatchBatch batch) const {
  v1::WatchAlertsResponse end;
  end.set_resume_token(
      feed_.TokenFor(batch.end + (TOCSIN_BROKEN("watch.token") ? 1 : 0)));
  end.set_sequence(batch.end);
  end.AppendToString(&response);
  batch.response = ToBuffer(std::move(response));
  return std::make_shared<const WatchBatch>(std::move(batch));
}

std::shared_ptr<const WatchBatch> WatchBatches::Find(const Key& key,
                                                     uint64_t last) {
  MutexLock lock(mu_);
  const auto found = kept_.find(key);
  if (found == kept_.end()) return nullptr;
  const std::shared_ptr<const WatchBatch>& batch = found->second;
  // A batch that ended with the log is as good as new while the log has not
  // grown; after that it would cut the log into small pieces for ever.
  return batch->complete || batch->end >= last ? batch : nullptr;
}

void WatchBatches::Keep(const Key& key,
                        std::shared_ptr<const WatchBatch> batch) {
  MutexLock lock(mu_);
  std::shared_ptr<const WatchBatch>& place = kept_[key];
  if (place == nullptr) {
    oldest_kept_.push_back(key);
  } else {
    kept_bytes_ -= MemoryOf(*place);
  }
  kept_bytes_ += MemoryOf(*batch);
  place = std::move(batch);
  while (kept_bytes_ > cache_bytes_ && oldest_kept_.size() > 1) {
    const auto oldest = kept_.find(oldest_kept_.front());
    oldest_kept_.pop_front();
    kept_bytes_ -= MemoryOf(*oldest->second);
    kept_.erase(oldest);
  }
}

}  // namespace tocsin
