// Sends articles over IngestArticles: batched, in order, each acked once, over
// as many connections as it takes.
//
// What is sent and not acked is kept. If the daemon goes away, it is sent again
// on the next connection, and nothing that was acked is: so nothing is lost,
// and what had been stored unacked comes back as a duplicate.
#ifndef TOCSIN_CLI_INGEST_STREAM_H_
#define TOCSIN_CLI_INGEST_STREAM_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/article_reader.h"
#include "cli/connection.h"
#include "cli/terminal.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin::cli {

// Used by one thread; results are delivered on it, from within its calls.
class IngestStream {
 public:
  struct Options {
    bool suppress_alerts = false;
    // How long to try to connect again after the daemon went away.
    absl::Duration retry_for = absl::Seconds(30);
    // Whether the daemon may be away at the start, too.
    bool wait_for_daemon = false;
  };
  using OnResult =
      std::function<void(const Origin& origin, const v1::IngestResult& result)>;

  // `connection` and `out` (for notes) outlive the stream.
  IngestStream(const Connection& connection, Terminal& out, Options options,
               OnResult on_result);
  ~IngestStream();

  // Takes an article; sends when a batch is full. Blocks while too much is
  // unacked. CANCELLED if the process was interrupted.
  absl::Status Add(Origin origin, v1::Article article);

  // Sends what was taken, and delivers the results that have come.
  absl::Status Flush();

  // Sends what was taken, and waits until all of it is acked.
  absl::Status Settle();

  // Articles taken and not acked.
  size_t outstanding() const { return outstanding_.size(); }

 private:
  class Session;
  struct Pending {
    Origin origin;
    v1::Article article;
    size_t bytes;
  };

  size_t unsent() const { return outstanding_.size() - sent_; }
  // Sends what is unsent, in batches.
  absl::Status Send();
  // Delivers results, waiting a moment for the first of them if `wait`.
  absl::Status Deliver(bool wait);
  // After the session broke: makes everything outstanding unsent after a pause,
  // or says why there is no point.
  absl::Status Reconnect();

  const Connection& connection_;
  Terminal& out_;
  const Options options_;
  const OnResult on_result_;

  std::unique_ptr<Session> session_;
  std::deque<Pending> outstanding_;  // Unacked, oldest first;
  size_t sent_ = 0;                  // the first so many sent on session_.
  size_t outstanding_bytes_ = 0;
  size_t unsent_bytes_ = 0;
  bool was_connected_ = false;
  // When the daemon was found away; infinite past while it answers.
  absl::Time away_since_ = absl::InfinitePast();
  double pause_seconds_ = 0;  // Before the next attempt.
};

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_INGEST_STREAM_H_
