// tocsin watch
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "cli/alert_text.h"
#include "cli/command.h"
#include "cli/idle_timer.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/quiet_digest.h"
#include "cli/rpc_error.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "cli/watch_position.h"
#include "tocsin/v1/alert_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "Shows alerts as they ring, each once, in order\n"
    "\n"
    "Goes on until interrupted, and then says on standard error where to go "
    "on. If the daemon is away or goes away, it tries again until it is there "
    "and misses nothing.";

constexpr char kExamples[] =
    "  tocsin watch\n"
    "  tocsin watch --filter 'urgency <= 3'\n"
    "  tocsin watch --from oldest --json | my-program\n"
    "  tocsin watch --from 2h                    what rang in the last two "
    "hours\n"
    "  tocsin watch --state ~/.tocsin-place      go on where it ended last "
    "time\n"
    "  tocsin watch --digest                     what rings in quiet hours, "
    "after them\n";

constexpr double kFirstPause = 0.2;  // Seconds.
constexpr double kLongestPause = 10;

struct WatchOptions {
  std::string from = "now";
  std::string filter;
  std::string state;
  std::string idle_exit;
  int64_t limit = 0;
  bool no_retry = false;
  bool digest = false;
};

class Watch {
 public:
  Watch(Context& context, const WatchOptions& options)
      : context_(context),
        options_(options),
        connection_(context.Connect(/*keepalive=*/true)) {}

  absl::StatusOr<int> Run() {
    CLI_RETURN_IF_ERROR(FindStart());
    if (!options_.idle_exit.empty()) {
      CLI_ASSIGN_OR_RETURN(idle_exit_, ParseDuration(options_.idle_exit));
    }
    double pause = kFirstPause;
    for (;;) {
      connected_now_ = false;
      const grpc::Status status = ReadOnce();
      CLI_RETURN_IF_ERROR(output_);
      if (done_) return kOk;
      if (idle_ || Interrupt::Requested()) {
        // What is held is shown rather than lost.
        CLI_RETURN_IF_ERROR(ShowHeld(absl::InfiniteFuture()));
        return idle_ ? kOk : SayWhereToGoOn();
      }
      CLI_RETURN_IF_ERROR(ShowHeld(absl::Now()));
      if (connected_now_) pause = kFirstPause;
      if (const auto lost = PositionLostOf(status);
          lost.has_value() && !lost->resume_token().empty()) {
        SayWhatIsLost(status, *lost);
        token_ = lost->resume_token();
        continue;
      }
      const absl::Status problem = connection_.Explain(status, options_.filter);
      if (!IsTransient(status) || !MayRetry()) return problem;
      if (!reconnecting_) {
        context_.out.Note(
            absl::StrCat("tocsin: ", problem.message(), "; trying again"));
      }
      reconnecting_ = true;
      // Many desks lose their daemon at once, and should not all come at once.
      Interrupt::Sleep(std::max(pause, RetryDelayOf(status)) *
                       absl::Uniform(random_, 0.5, 1.0));
      if (Interrupt::Requested()) {
        CLI_RETURN_IF_ERROR(ShowHeld(absl::InfiniteFuture()));
        return SayWhereToGoOn();
      }
      pause = std::min(pause * 2, kLongestPause);
    }
  }

 private:
  absl::Status FindStart() {
    if (!options_.state.empty()) {
      state_file_.emplace(options_.state);
      CLI_ASSIGN_OR_RETURN(token_, state_file_->Load());
      if (!token_.empty()) {
        context_.out.Note(
            absl::StrCat("tocsin: going on where ", options_.state, " says"));
      }
    }
    start_ = ParseStart(options_.from, absl::Now(), absl::LocalTimeZone());
    return absl::OkStatus();
  }

  // A script that waits for quiet wants to know if there is no daemon at all.
  bool MayRetry() const {
    return !options_.no_retry && (connected_ || options_.idle_exit.empty());
  }

  // Reads until the stream ends.
  grpc::Status ReadOnce() {
    v1::WatchAlertsRequest request;
    request.set_filter(options_.filter);
    if (!token_.empty()) {
      request.mutable_start()->set_resume_token(token_);
    } else if (start_.has_value()) {
      *request.mutable_start() = *start_;
    }
    grpc::ClientContext call;
    const Interrupt::Scope scope([&call] { call.TryCancel(); });
    IdleTimer timer(idle_exit_, [&call] { call.TryCancel(); });
    const auto stub = v1::AlertService::NewStub(connection_.channel());
    const auto stream = stub->WatchAlerts(&call, request);
    v1::WatchAlertsResponse response;
    while (stream->Read(&response)) {
      if (reconnecting_) {
        context_.out.Note(connected_ ? "tocsin: connected again"
                                     : "tocsin: connected");
      }
      reconnecting_ = false;
      connected_ = connected_now_ = true;
      if (response.alerts_size() > 0) timer.Restart();
      if (!Take(response)) {
        call.TryCancel();
        break;
      }
    }
    // What is left in the stream has not been shown, nor is its token kept.
    while (stream->Read(&response)) {
    }
    idle_ = timer.Expired();
    return stream->Finish();
  }

  // False if nothing more is wanted.
  bool Take(const v1::WatchAlertsResponse& response) {
    std::string shown = response.resume_token();
    std::string before = token_;
    // Responses come every few seconds at least.
    PrintHeld(absl::Now());
    for (const v1::Alert& alert : response.alerts()) {
      const bool held =
          options_.digest && digest_.Hold(alert, before, absl::Now());
      before = alert.resume_token();
      if (held) continue;
      Print(alert);
      if (++count_ == options_.limit) {
        shown = alert.resume_token();
        done_ = true;
        break;
      }
    }
    if (!shown.empty()) token_ = shown;
    output_ = KeepPlace();
    return output_.ok() && !done_;
  }

  void Print(const v1::Alert& alert) {
    context_.out.Print(context_.json ? ToJson(alert) + "\n"
                                     : AlertText(alert, context_.out) + "\n");
  }

  // What was held and is due at `now`.
  void PrintHeld(absl::Time now) {
    const std::vector<v1::Alert> due = digest_.TakeDue(now);
    if (due.empty()) return;
    if (!context_.json) {
      context_.out.Print(absl::StrCat(
          context_.out.Bold(absl::StrCat(
              "In quiet hours: ",
              Counted(static_cast<int64_t>(due.size()), "alert", "alerts"))),
          "\n\n"));
    }
    for (const v1::Alert& alert : due) Print(alert);
    count_ += static_cast<int64_t>(due.size());
  }

  absl::Status ShowHeld(absl::Time now) {
    if (digest_.empty()) return absl::OkStatus();
    PrintHeld(now);
    return KeepPlace();
  }

  // The place is kept only of what was written.
  absl::Status KeepPlace() {
    CLI_RETURN_IF_ERROR(context_.out.Flush());
    if (context_.out.ReaderIsGone()) {
      return absl::CancelledError("the reader went away");
    }
    const std::string& place = digest_.Place(token_);
    if (!state_file_.has_value() || place.empty() || place == saved_) {
      return absl::OkStatus();
    }
    saved_ = place;
    return state_file_->Save(place);
  }

  int SayWhereToGoOn() const {
    if (!token_.empty()) {
      context_.out.Note(
          absl::StrCat("\ntocsin: go on with tocsin watch --from ", token_));
    }
    return Interrupt::ExitCode();
  }

  void SayWhatIsLost(const grpc::Status& status,
                     const v1::PositionLost& lost) const {
    context_.out.Note(absl::StrCat(
        "tocsin: ", PrintableLines(status.error_message()),
        lost.missed() > 0
            ? absl::StrCat(" (",
                           Counted(static_cast<int64_t>(lost.missed()), "alert",
                                   "alerts"),
                           " missed)")
            : "",
        "; going on from ", lost.resume_token()));
  }

  Context& context_;
  const WatchOptions& options_;
  const Connection connection_;
  std::optional<PositionFile> state_file_;
  std::optional<v1::StartPosition> start_;
  // Of what was shown or held last; empty: `start_` holds.
  std::string token_;
  std::string saved_;  // In the state file.
  QuietDigest digest_;
  int64_t count_ = 0;
  absl::Duration idle_exit_ = absl::InfiniteDuration();
  bool idle_ = false;           // Nothing came for idle_exit_.
  bool done_ = false;           // --limit is reached.
  bool connected_ = false;      // At any time.
  bool connected_now_ = false;  // The stream that was read last.
  bool reconnecting_ = false;
  absl::BitGen random_;
  absl::Status output_;
};

}  // namespace

void AddWatchCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command = AddCommand(app, "watch", kDescription, kExamples);
  command
      ->add_option("--from", options->from,
                   "now, oldest, a resume token, a time (RFC 3339, "
                   "'2025-02-19 14:03', 14:03, or 2h for two hours ago), "
                   "or a sequence to start after")
      ->type_name("PLACE")
      ->capture_default_str();
  command
      ->add_option("--filter", options->filter,
                   "Only alerts that match, such as 'urgency <= 3 AND "
                   "language = \"sv\"'; OR binds closer than AND")
      ->type_name("FILTER");
  command
      ->add_option("--state", options->state,
                   "Keep the place in FILE and go on from there; --from "
                   "counts while there is none")
      ->type_name("FILE");
  command->add_flag("--digest", options->digest,
                    "Hold back what rings in a rule's quiet hours, and show it "
                    "together when they end (or the watch does)");
  command->add_option("--limit", options->limit, "End after so many alerts")
      ->type_name("N")
      ->check(AtLeast(1));
  command
      ->add_option("--idle-exit", options->idle_exit,
                   "End when nothing rang for so long, such as 3s")
      ->type_name("DURATION");
  command->add_flag("--no-retry", options->no_retry,
                    "End with exit code 3 when the daemon is away");
  command->callback([options, &context] {
    context.run = [options, &context] {
      return Watch(context, *options).Run();
    };
  });
}

}  // namespace tocsin::cli
