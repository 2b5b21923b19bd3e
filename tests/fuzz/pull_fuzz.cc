// Messages of PullAlerts, well-formed, malformed and hostile, on a real
// subscription: nothing crashes, no bound is passed, and what was confirmed as
// acked is never delivered again.
//
// The input is a program: each byte picks what the consumer does next, and the
// bytes after it fill in the message. So most inputs get past the parser.
#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "pipeline/subscription_book.h"
#include "service/convert_alert.h"
#include "service/convert_pull.h"
#include "service/wire.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {
namespace {

constexpr uint64_t kAlerts = 150;
constexpr size_t kOutstanding = 40;

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

template <typename T>
T Must(absl::StatusOr<T> value) {
  Require(value.ok(), value.status().ToString().c_str());
  return *std::move(value);
}

// A store and a log that all inputs share; each has a subscription of its own.
class Bench {
 public:
  Bench() {
    google::protobuf::SetLogHandler(nullptr);  // A line for each bad text.
    std::string made =
        (std::filesystem::temp_directory_path() / "tocsin_pull_XXXXXX")
            .string();
    StoreOptions options;
    options.directory = mkdtemp(made.data());
    options.reserve_bytes = 0;
    store_ = Must(Store::Open(options));
    feed_ = Must(AlertFeed::Create({}, *store_, MakeAlertEncoder("0")));
    std::vector<AlertRecord> alerts;
    for (uint64_t s = 1; s <= kAlerts; ++s) {
      AlertRecord alert;
      alert.set_sequence(s);
      alert.set_rule(absl::StrCat("r", s % 3));
      alert.set_article_id(absl::StrCat(s % 7));
      alert.set_language(s % 2 == 0 ? "sv" : "en");
      alerts.push_back(std::move(alert));
    }
    feed_->Publish(std::move(alerts));
    SubscriptionBook::Options book_options;
    book_options.compile = &MakeAlertMatcher;
    book_ = Must(SubscriptionBook::Create(book_options, *store_, *feed_));
  }

  SubscriptionBook& book() { return *book_; }

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<AlertFeed> feed_;
  std::unique_ptr<SubscriptionBook> book_;
};

class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool more() const { return size_ > 0; }
  uint8_t Byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::string Bytes(size_t count) {
    std::string bytes;
    for (; count > 0 && more(); --count) {
      bytes.push_back(static_cast<char>(Byte()));
    }
    return bytes;
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

class Run {
 public:
  Run(SubscriptionBook& book, Input input) : book_(book), input_(input) {
    SubscriptionRecord record;
    const uint8_t shape = input_.Byte();
    record.set_ordered((shape & 1) != 0);
    record.set_max_attempts(shape >> 1 & 3);
    if ((shape & 8) != 0) record.set_filter("language = \"sv\"");
    record.set_max_outstanding(kOutstanding);
    record.set_ack_deadline(5'000'000);
    Must(book_.Add("fuzz", record, 0));
  }
  ~Run() {
    consumer_.reset();
    Require(book_.Delete("fuzz", "").ok(), "deletes");
  }

  void Go() {
    while (input_.more()) {
      now_ += absl::Milliseconds(input_.Byte() * 10);
      switch (input_.Byte() % 8) {
        case 0:
          consumer_.reset();
          break;
        case 1:
          Must(book_.Seek("fuzz", input_.Byte() % (kAlerts + 1)));
          // Acks from before it may still be confirmed, and say nothing.
          done_.clear();
          ids_.clear();
          sequence_of_.clear();
          break;
        case 2:
          book_.ReplayLetters("fuzz", {}).IgnoreError();
          break;
        case 3:
          if (consumer_ != nullptr) consumer_->Close(now_);
          break;
        case 4:
          Say(input_.Bytes(input_.Byte()));
          break;
        default:
          SayWell();
          break;
      }
      Take();
      Check();
    }
  }

 private:
  // A message made of parts that mean something, mostly.
  void SayWell() {
    v1::PullAlertsRequest request;
    if (input_.Byte() % 16 == 0) request.set_subscription("subscriptions/fuzz");
    if (input_.Byte() % 4 == 0) request.set_ack_through(input_.Byte());
    for (int acks = input_.Byte() % 6; acks > 0; --acks) {
      auto& ack = *request.add_acks();
      const uint8_t which = input_.Byte();
      if (ids_.empty() || which > 240) {
        ack.set_ack_id(input_.Bytes(which % 70));
      } else {
        ack.set_ack_id(ids_[which % ids_.size()]);
        if (which % 16 == 15) ack.mutable_ack_id()->back() ^= 1;
      }
      const uint8_t verdict = input_.Byte();
      ack.set_verdict(
          static_cast<v1::PullAlertsRequest::Ack::Verdict>(verdict % 5));
      if ((verdict & 0x20) != 0) ack.mutable_delay()->set_seconds(verdict >> 6);
      if (verdict > 250) ack.mutable_delay()->set_nanos(-1);
    }
    Say(request.SerializeAsString());
  }
  void Say(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    const absl::StatusOr<PullRequest> request =
        ReadPullRequest(grpc::ByteBuffer(&slice, 1));
    if (!request.ok()) {
      Require(absl::IsInvalidArgument(request.status()), "says what is wrong");
      return;
    }
    CheckFirstPullRequest(*request).IgnoreError();
    if (consumer_ == nullptr) {
      consumer_ = Must(book_.Join("fuzz", request->max_outstanding, [] {}));
    }
    consumer_->Apply(request->verdicts, request->ack_through, now_);
  }
  void Take() {
    if (consumer_ == nullptr) return;
    const PullBatch batch = consumer_->Take(now_);
    v1::PullAlertsResponse response;
    Require(ParseMessage(EncodePullResponse(batch), response).ok(), "parses");
    Require(
        response.deliveries_size() == static_cast<int>(batch.deliveries.size()),
        "encodes deliveries");
    for (const std::string& id : response.confirmed_ack_ids()) {
      const auto found = sequence_of_.find(id);
      if (found != sequence_of_.end()) done_.insert(found->second);
    }
    for (const auto& delivery : response.deliveries()) {
      const uint64_t sequence = delivery.alert().sequence();
      Require(sequence >= 1 && sequence <= kAlerts, "is of the log");
      Require(delivery.ack_id().size() <= 64 && delivery.attempt() >= 1,
              "has an id and a number");
      Require(done_.count(sequence) == 0, "what is acked stays acked");
      sequence_of_[delivery.ack_id()] = sequence;
      ids_.push_back(delivery.ack_id());
    }
    if (batch.end.has_value()) consumer_.reset();
  }
  void Check() {
    const SubscriptionInfo info = Must(book_.Get("fuzz"));
    Require(info.outstanding <= kOutstanding + info.dead_letters,
            "outstanding is bounded");
    Require(info.settled_through <= kAlerts, "is within the log");
  }

  SubscriptionBook& book_;
  Input input_;
  std::unique_ptr<PullConsumer> consumer_;
  absl::Time now_ = absl::UnixEpoch();
  std::vector<std::string> ids_;  // Since the last seek.
  std::map<std::string, uint64_t> sequence_of_;
  std::set<uint64_t> done_;
};

}  // namespace
}  // namespace tocsin

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto& bench = *new tocsin::Bench();
  tocsin::Run(bench.book(), tocsin::Input(data, size)).Go();
  return 0;
}
