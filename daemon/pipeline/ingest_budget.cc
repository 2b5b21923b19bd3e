#include "pipeline/ingest_budget.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace tocsin {

void IngestBudget::Add(size_t bytes) {
  MutexLock lock(mu_);
  used_ += bytes;
}

void IngestBudget::Release(size_t bytes) {
  std::vector<absl::AnyInvocable<void()>> woken;
  {
    MutexLock lock(mu_);
    used_ -= bytes;
    if (used_ < limit_) woken.swap(waiting_);
  }
  for (auto& when_room : woken) when_room();
}

bool IngestBudget::HasRoom(absl::AnyInvocable<void()> when_room) {
  MutexLock lock(mu_);
  if (used_ < limit_) return true;
  waiting_.push_back(std::move(when_room));
  return false;
}

absl::Status IngestBudget::Check() const {
  MutexLock lock(mu_);
  if (used_ / 2 < limit_) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("too much is being ingested at once: ", used_ >> 20,
                   " MiB of articles are under way over all streams, and ",
                   limit_ >> 20, " MiB are the limit; send again later"));
}

}  // namespace tocsin
