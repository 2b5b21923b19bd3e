// What became of the articles of an ingest: counted, and told as it goes.
#ifndef TOCSIN_CLI_INGEST_REPORT_H_
#define TOCSIN_CLI_INGEST_REPORT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/article_reader.h"
#include "cli/terminal.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin::cli {

// Not thread-safe.
class IngestReport {
 public:
  // `out` outlives the report. With `json` each result is a line of standard
  // output: an IngestResult, and `input`, where the article came from.
  IngestReport(Terminal& out, bool json, absl::Time start);

  void Add(const Origin& origin, const v1::IngestResult& result,
           absl::Time now);
  // An article that could not even be read is a rejected one.
  void AddUnreadable(const Origin& origin, const absl::Status& status,
                     absl::Time now);

  // The line that people see while it goes on.
  void ShowProgress(absl::Time now, size_t outstanding);

  // "20 stored, 1 revised, 3 duplicates, 2 rejected; 14 alerts (24 articles in
  // 0.8 s, 30 a second)"
  std::string Summary(absl::Time now) const;

  int64_t rejected() const { return rejected_; }
  int64_t total() const { return stored_ + revised_ + duplicates_ + rejected_; }

 private:
  std::string Rate(absl::Time now) const;

  Terminal& out_;
  const bool json_;
  const absl::Time start_;

  int64_t stored_ = 0;
  int64_t revised_ = 0;
  int64_t duplicates_ = 0;
  int64_t rejected_ = 0;
  int64_t alerts_ = 0;
  absl::Time shown_ = absl::InfinitePast();
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_INGEST_REPORT_H_
