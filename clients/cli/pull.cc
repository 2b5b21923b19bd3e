// tocsin pull
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/alert_text.h"
#include "cli/command.h"
#include "cli/idle_timer.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/resource_name.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "tocsin/v1/alert_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "Takes alerts of a durable subscription, and acks what it has shown\n"
    "\n"
    "Each alert comes until it is acked, whatever happens to this program or "
    "the daemon: mostly once, sometimes again. Several programs may pull from "
    "one subscription and share its alerts. Goes on until interrupted; if the "
    "daemon goes away, it connects again by itself.";

constexpr char kExamples[] =
    "  tocsin subscriptions create desk --from oldest\n"
    "  tocsin pull desk\n"
    "  tocsin pull desk --json | my-program\n"
    "  tocsin pull desk --limit 10 --ack never   look, and leave them there\n"
    "  tocsin pull desk --idle-exit 5s           until there are no more\n";

constexpr double kFirstPause = 0.2;  // Seconds.
constexpr double kLongestPause = 10;
constexpr int64_t kMostAtOnce = 1000;

struct PullOptions {
  std::string subscription;
  std::string ack = "auto";
  std::string idle_exit;
  int max_outstanding = 0;
  int64_t limit = 0;
};

class Pull {
 public:
  Pull(Context& context, const PullOptions& options)
      : context_(context),
        options_(options),
        connection_(context.Connect(/*keepalive=*/true)) {}

  absl::StatusOr<int> Run() {
    if (!options_.idle_exit.empty()) {
      CLI_ASSIGN_OR_RETURN(idle_exit_, ParseDuration(options_.idle_exit));
    }
    double pause = kFirstPause;
    for (;;) {
      connected_now_ = false;
      const grpc::Status status = PullOnce();
      CLI_RETURN_IF_ERROR(output_);
      if (Interrupt::Requested()) return Interrupt::ExitCode();
      if ((done_ && status.ok()) || idle_) return kOk;
      if (connected_now_) pause = kFirstPause;
      const absl::Status problem = connection_.Explain(status);
      if (status.error_code() == grpc::StatusCode::OUT_OF_RANGE) {
        return absl::OutOfRangeError(
            absl::StrCat(problem.message(), ": `tocsin subscriptions seek ",
                         options_.subscription, " --to oldest`"));
      }
      if (!IsTransient(status) || !connected_) return problem;
      if (connected_now_) {
        context_.out.Note(
            absl::StrCat("tocsin: ", problem.message(), "; trying again"));
      }
      Interrupt::Sleep(pause);
      if (Interrupt::Requested()) return Interrupt::ExitCode();
      pause = std::min(pause * 2, kLongestPause);
      reconnecting_ = true;
    }
  }

 private:
  using Stream =
      grpc::ClientReaderWriter<v1::PullAlertsRequest, v1::PullAlertsResponse>;

  // Until the stream ends.
  grpc::Status PullOnce() {
    grpc::ClientContext call;
    const Interrupt::Scope scope([&call] { call.TryCancel(); });
    IdleTimer timer(idle_exit_, [&call] { call.TryCancel(); });
    const auto stub = v1::AlertService::NewStub(connection_.channel());
    const std::unique_ptr<Stream> stream = stub->PullAlerts(&call);
    v1::PullAlertsRequest first;
    said_all_ = false;
    first.set_subscription(SubscriptionName(options_.subscription));
    first.set_max_outstanding(MaxOutstanding());
    stream->Write(first);
    v1::PullAlertsResponse response;
    while (stream->Read(&response)) {
      if (reconnecting_) context_.out.Note("tocsin: connected again");
      reconnecting_ = false;
      connected_ = connected_now_ = true;
      if (response.deliveries_size() > 0) timer.Restart();
      Take(response, *stream);
      if (!output_.ok()) call.TryCancel();
    }
    idle_ = timer.Expired();
    return stream->Finish();
  }

  // No more than it will show.
  int MaxOutstanding() const {
    if (options_.max_outstanding > 0 || options_.limit == 0) {
      return options_.max_outstanding;
    }
    return static_cast<int>(
        std::min<int64_t>(options_.limit - count_, kMostAtOnce));
  }

  void Take(const v1::PullAlertsResponse& response, Stream& stream) {
    v1::PullAlertsRequest acks;
    for (const auto& delivery : response.deliveries()) {
      if (done_) break;
      context_.out.Print(context_.json ? ToJson(delivery) + "\n"
                                       : Text(delivery) + "\n");
      if (options_.ack == "auto") {
        auto& ack = *acks.add_acks();
        ack.set_ack_id(delivery.ack_id());
        ack.set_verdict(v1::PullAlertsRequest::Ack::ACK);
      }
      done_ = ++count_ == options_.limit;
    }
    // Only what was written is acked.
    output_ = context_.out.Flush();
    if (output_.ok() && context_.out.ReaderIsGone()) {
      output_ = absl::CancelledError("the reader went away");
    }
    if (!output_.ok()) return;
    if (acks.acks_size() > 0) stream.Write(acks);
    if (done_ && !said_all_) {
      // The daemon ends the call when these acks are durable.
      stream.WritesDone();
      said_all_ = true;
    }
  }

  std::string Text(const v1::PullAlertsResponse::Delivery& delivery) const {
    std::string text = AlertText(delivery.alert(), context_.out);
    if (delivery.attempt() > 1) {
      absl::StrAppend(
          &text,
          context_.out.Dim(absl::StrCat("  attempt ", delivery.attempt())),
          "\n");
    }
    return text;
  }

  Context& context_;
  const PullOptions& options_;
  const Connection connection_;
  int64_t count_ = 0;
  absl::Duration idle_exit_ = absl::InfiniteDuration();
  bool idle_ = false;  // Nothing came for idle_exit_.
  bool done_ = false;  // --limit is reached.
  bool said_all_ = false;
  bool connected_ = false;      // At any time.
  bool connected_now_ = false;  // The stream that was read last.
  bool reconnecting_ = false;
  absl::Status output_;
};

}  // namespace

void AddPullCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<PullOptions>();
  CLI::App* command = AddCommand(app, "pull", kDescription, kExamples);
  command->add_option("subscription", options->subscription, "Its name")
      ->type_name("SUBSCRIPTION")
      ->required();
  command
      ->add_option("--ack", options->ack,
                   "auto: when an alert is written out; never: all of them "
                   "come again")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "never"}))
      ->capture_default_str();
  command
      ->add_option("--max-outstanding", options->max_outstanding,
                   "Take so many unacked alerts at once; not given: as many as "
                   "the subscription allows")
      ->type_name("N")
      ->check(AtLeast(1));
  command->add_option("--limit", options->limit, "End after so many alerts")
      ->type_name("N")
      ->check(AtLeast(1));
  command
      ->add_option("--idle-exit", options->idle_exit,
                   "End when nothing came for so long, such as 30s")
      ->type_name("TIME");
  command->callback([options, &context] {
    context.run = [options, &context] { return Pull(context, *options).Run(); };
  });
}

}  // namespace tocsin::cli
