// Durable subscriptions over a real socket: acks that hold, several consumers,
// restarts, dead letters, seeks, and what is refused.
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "daemon_fixture.h"
#include "gmock/gmock.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Ack = v1::PullAlertsRequest::Ack;

class PullTest : public DaemonTest {
 protected:
  PullTest() { StartDaemon(); }

  // One call of PullAlerts, stepped by the test's thread.
  class Puller {
   public:
    Puller(PullTest& test, const std::string& name, int max_outstanding = 0)
        : context_(test.Context()),
          stream_(test.alerts_->PullAlerts(context_.get())) {
      v1::PullAlertsRequest first;
      first.set_subscription("subscriptions/" + name);
      first.set_max_outstanding(max_outstanding);
      stream_->Write(first);
    }

    // Reads until it has got `count` deliveries in all.
    void ReadDeliveries(size_t count) {
      while (deliveries_.size() < count) {
        ASSERT_TRUE(ReadOne()) << "after " << deliveries_.size();
      }
    }
    void ReadConfirmed(size_t count) {
      while (confirmed_.size() < count) {
        ASSERT_TRUE(ReadOne()) << "after " << confirmed_.size();
      }
    }
    bool ReadOne() {
      v1::PullAlertsResponse response;
      if (!stream_->Read(&response)) return false;
      EXPECT_LE(response.deliveries_size(), 64);
      for (const auto& delivery : response.deliveries()) {
        deliveries_.push_back(delivery);
      }
      for (const auto& id : response.confirmed_ack_ids()) {
        confirmed_.insert(id);
      }
      for (const auto& id : response.ignored_ack_ids()) ignored_.insert(id);
      return true;
    }
    void Say(Ack::Verdict verdict, const std::vector<size_t>& indices,
             double delay = -1) {
      v1::PullAlertsRequest request;
      for (const size_t index : indices) {
        Ack& ack = *request.add_acks();
        ack.set_ack_id(deliveries_.at(index).ack_id());
        ack.set_verdict(verdict);
        if (delay >= 0) {
          ack.mutable_delay()->set_nanos(static_cast<int32_t>(delay * 1e9));
        }
      }
      stream_->Write(request);
    }
    void Send(const v1::PullAlertsRequest& request) { stream_->Write(request); }
    grpc::Status Close() {
      stream_->WritesDone();
      return Finish();
    }
    grpc::Status Finish() {
      while (ReadOne()) {
      }
      return stream_->Finish();
    }
    grpc::Status Break() {
      context_->TryCancel();
      return Finish();
    }
    std::vector<uint64_t> sequences() const {
      std::vector<uint64_t> sequences;
      for (const auto& delivery : deliveries_) {
        sequences.push_back(delivery.alert().sequence());
      }
      return sequences;
    }

    std::vector<v1::PullAlertsResponse::Delivery> deliveries_;
    std::set<std::string> confirmed_;
    std::set<std::string> ignored_;

   private:
    const std::unique_ptr<grpc::ClientContext> context_;
    const std::unique_ptr<
        grpc::ClientReaderWriter<v1::PullAlertsRequest, v1::PullAlertsResponse>>
        stream_;
  };

  static v1::CreateSubscriptionRequest FromTheBeginning(
      const std::string& id = "desk") {
    v1::CreateSubscriptionRequest request;
    request.set_subscription_id(id);
    request.mutable_start()->set_after_sequence(0);
    return request;
  }
  v1::Subscription Create(const v1::CreateSubscriptionRequest& request) {
    v1::Subscription created;
    const grpc::Status status =
        alerts_->CreateSubscription(Context().get(), request, &created);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return created;
  }
  v1::Subscription Get(const std::string& id = "desk") {
    v1::GetSubscriptionRequest request;
    request.set_name("subscriptions/" + id);
    v1::Subscription got;
    const grpc::Status status =
        alerts_->GetSubscription(Context().get(), request, &got);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return got;
  }
  std::vector<v1::DeadLetter> Letters() {
    v1::ListDeadLettersRequest request;
    request.set_name("subscriptions/desk");
    request.set_page_size(1);
    std::vector<v1::DeadLetter> letters;
    do {
      v1::ListDeadLettersResponse response;
      EXPECT_TRUE(
          alerts_->ListDeadLetters(Context().get(), request, &response).ok());
      letters.insert(letters.end(), response.dead_letters().begin(),
                     response.dead_letters().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return letters;
  }
};

TEST_F(PullTest, DeliversTheLogAndThenLiveAlerts) {
  Ingest(MakeArticles("a", 200));
  const v1::Subscription created = Create(FromTheBeginning());
  EXPECT_EQ(created.name(), "subscriptions/desk");
  EXPECT_EQ(created.ack_deadline().seconds(), 10);
  EXPECT_EQ(created.max_outstanding(), 1000);
  EXPECT_EQ(created.lag(), 200u);
  EXPECT_FALSE(created.etag().empty());
  Puller puller(*this, "desk");
  puller.ReadDeliveries(200);
  Ingest(MakeArticles("b", 10));
  puller.ReadDeliveries(210);
  std::vector<uint64_t> expected;
  for (uint64_t s = 1; s <= 210; ++s) expected.push_back(s);
  EXPECT_EQ(puller.sequences(), expected);
  EXPECT_EQ(puller.deliveries_[7].alert().article(),
            "sources/wire/articles/a-7");
  EXPECT_EQ(puller.deliveries_[7].attempt(), 1);
  EXPECT_EQ(Get().outstanding_count(), 210);
  EXPECT_EQ(Get().consumer_count(), 1);
  v1::PullAlertsRequest all;
  all.set_ack_through(210);
  puller.Send(all);
  EXPECT_TRUE(puller.Close().ok());
  EXPECT_THAT(puller.confirmed_, SizeIs(210));
  EXPECT_EQ(Get().lag(), 0u);
  EXPECT_EQ(Get().outstanding_count(), 0);
}

TEST_F(PullTest, WhatIsAckedStaysAckedOverARestart) {
  Ingest(MakeArticles("a", 10));
  Create(FromTheBeginning());
  {
    Puller puller(*this, "desk");
    puller.ReadDeliveries(10);
    puller.Say(Ack::ACK, {0, 1, 4, 7});
    puller.ReadConfirmed(4);
    puller.Break();
  }
  StopDaemon();
  StartDaemon();
  Puller puller(*this, "desk");
  puller.ReadDeliveries(6);
  EXPECT_THAT(puller.sequences(), ElementsAre(3, 4, 6, 7, 9, 10));
  EXPECT_EQ(puller.deliveries_[0].attempt(), 2);
  EXPECT_EQ(Get().lag(), 8u);
}

TEST_F(PullTest, ConsumersShareAndFlowControlHolds) {
  Ingest(MakeArticles("a", 30));
  v1::CreateSubscriptionRequest request = FromTheBeginning();
  request.mutable_subscription()->set_max_outstanding(12);
  Create(request);
  Puller first(*this, "desk", 5);
  first.ReadDeliveries(5);
  Puller second(*this, "desk");
  second.ReadDeliveries(7);
  EXPECT_EQ(Get().outstanding_count(), 12);
  // What the second had goes to the first, as there is room.
  second.Break();
  first.Say(Ack::ACK, {0, 1, 2, 3, 4});
  first.ReadDeliveries(10);
  EXPECT_EQ(Get().consumer_count(), 1);
  std::set<uint64_t> distinct;
  for (const uint64_t sequence : first.sequences()) distinct.insert(sequence);
  EXPECT_THAT(distinct, SizeIs(10));
}

TEST_F(PullTest, NacksComeAgainAndEndAsDeadLettersThatCanBeReplayed) {
  Ingest(MakeArticles("a", 2));
  v1::CreateSubscriptionRequest request = FromTheBeginning();
  request.mutable_subscription()->set_max_attempts(2);
  Create(request);
  Puller puller(*this, "desk");
  puller.ReadDeliveries(2);
  puller.Say(Ack::NACK, {0});
  puller.ReadDeliveries(3);
  EXPECT_EQ(puller.deliveries_[2].alert().sequence(), 1u);
  EXPECT_EQ(puller.deliveries_[2].attempt(), 2);
  puller.Say(Ack::NACK, {2});
  puller.Say(Ack::NACK, {1});
  puller.ReadDeliveries(4);
  puller.Say(Ack::NACK, {3}, 0.5);
  while (Get().dead_letter_count() < 2) std::this_thread::yield();
  StopDaemon();
  StartDaemon();
  const std::vector<v1::DeadLetter> letters = Letters();
  ASSERT_THAT(letters, SizeIs(2));
  EXPECT_EQ(letters[0].alert().article(), "sources/wire/articles/a-0");
  EXPECT_EQ(letters[0].attempts(), 2);
  EXPECT_TRUE(letters[0].has_create_time());
  EXPECT_EQ(Get().lag(), 0u);
  v1::ReplayDeadLettersRequest replay;
  replay.set_name("subscriptions/desk");
  replay.add_sequences(2);
  v1::ReplayDeadLettersResponse replayed;
  ASSERT_TRUE(
      alerts_->ReplayDeadLetters(Context().get(), replay, &replayed).ok());
  EXPECT_EQ(replayed.replayed_count(), 1);
  Puller again(*this, "desk");
  again.ReadDeliveries(1);
  EXPECT_EQ(again.deliveries_[0].alert().article(),
            "sources/wire/articles/a-1");
  EXPECT_EQ(again.deliveries_[0].attempt(), 1);
  again.Say(Ack::ACK, {0});
  again.ReadConfirmed(1);
  EXPECT_EQ(Get().dead_letter_count(), 1);
}

TEST_F(PullTest, DeadlinesPassAndExtensionsHold) {
  Ingest(MakeArticles("a", 2));
  v1::CreateSubscriptionRequest request = FromTheBeginning();
  request.mutable_subscription()->mutable_ack_deadline()->set_nanos(
      200'000'000);
  Create(request);
  Puller puller(*this, "desk");
  puller.ReadDeliveries(2);
  v1::PullAlertsRequest extend;
  Ack& ack = *extend.add_acks();
  ack.set_ack_id(puller.deliveries_[0].ack_id());
  ack.set_verdict(Ack::EXTEND);
  ack.mutable_delay()->set_seconds(3600);
  puller.Send(extend);
  puller.ReadDeliveries(4);
  EXPECT_THAT(puller.sequences(), ElementsAre(1, 2, 2, 2));
  EXPECT_EQ(puller.deliveries_[3].attempt(), 3);
}

TEST_F(PullTest, SeeksToAPlaceAndToATime) {
  Ingest(MakeArticles("a", 5));
  Create(FromTheBeginning());
  Puller puller(*this, "desk");
  puller.ReadDeliveries(5);
  v1::SeekSubscriptionRequest seek;
  seek.set_name("subscriptions/desk");
  *seek.mutable_position()->mutable_time() =
      puller.deliveries_[0].alert().create_time();
  v1::Subscription moved;
  ASSERT_TRUE(alerts_->SeekSubscription(Context().get(), seek, &moved).ok());
  puller.ReadDeliveries(10);  // All again.
  seek.mutable_position()->set_after_sequence(4);
  ASSERT_TRUE(alerts_->SeekSubscription(Context().get(), seek, &moved).ok());
  EXPECT_EQ(moved.lag(), 1u);
  puller.ReadDeliveries(11);
  EXPECT_EQ(puller.deliveries_[10].alert().sequence(), 5u);
  // Of before the seek: no ack any more.
  puller.Say(Ack::ACK, {0});
  while (puller.ignored_.empty()) ASSERT_TRUE(puller.ReadOne());
  seek.clear_position();
  ASSERT_TRUE(alerts_->SeekSubscription(Context().get(), seek, &moved).ok());
  EXPECT_EQ(moved.lag(), 0u);
}

TEST_F(PullTest, FiltersOnTheServer) {
  std::vector<v1::Article> articles = MakeArticles("a", 60);
  for (size_t i = 0; i < articles.size(); i += 3)
    articles[i].set_language("sv");
  Ingest(articles);
  v1::CreateSubscriptionRequest request = FromTheBeginning();
  request.mutable_subscription()->set_filter("language = \"sv\"");
  Create(request);
  Puller puller(*this, "desk");
  puller.ReadDeliveries(20);
  for (const auto& delivery : puller.deliveries_) {
    EXPECT_EQ(delivery.alert().language(), "sv");
  }
}

TEST_F(PullTest, UpdatesWithMasksAndEtagsAndListsInPages) {
  for (const char* id : {"a", "b", "c"}) Create(FromTheBeginning(id));
  v1::UpdateSubscriptionRequest update;
  *update.mutable_subscription() = Get("b");
  update.mutable_subscription()->set_max_attempts(7);
  update.mutable_subscription()->set_max_outstanding(9);
  update.mutable_update_mask()->add_paths("max_attempts");
  v1::Subscription updated;
  ASSERT_TRUE(
      alerts_->UpdateSubscription(Context().get(), update, &updated).ok());
  EXPECT_EQ(updated.max_attempts(), 7);
  EXPECT_EQ(updated.max_outstanding(), 1000);
  EXPECT_EQ(alerts_->UpdateSubscription(Context().get(), update, &updated)
                .error_code(),
            grpc::ABORTED);  // The etag is an old one.
  v1::ListSubscriptionsRequest list;
  list.set_page_size(2);
  v1::ListSubscriptionsResponse page;
  ASSERT_TRUE(alerts_->ListSubscriptions(Context().get(), list, &page).ok());
  EXPECT_EQ(page.subscriptions_size(), 2);
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(alerts_->ListSubscriptions(Context().get(), list, &page).ok());
  EXPECT_EQ(page.subscriptions_size(), 1);
  EXPECT_EQ(page.next_page_token(), "");
  v1::DeleteSubscriptionRequest remove;
  remove.set_name("subscriptions/b");
  google::protobuf::Empty empty;
  Puller puller(*this, "b");
  while (Get("b").consumer_count() == 0) std::this_thread::yield();
  ASSERT_TRUE(
      alerts_->DeleteSubscription(Context().get(), remove, &empty).ok());
  EXPECT_EQ(puller.Finish().error_code(), grpc::NOT_FOUND);
}

TEST_F(PullTest, WhatIsWrongIsRefusedWithItsField) {
  Create(FromTheBeginning());
  struct Case {
    v1::CreateSubscriptionRequest request;
    grpc::StatusCode code;
    const char* field;
  };
  std::vector<Case> cases(
      7, {FromTheBeginning("new"), grpc::INVALID_ARGUMENT, ""});
  cases[0].request.set_subscription_id("No Good");
  cases[0].field = "subscription_id";
  cases[1].request.mutable_subscription()->set_filter("language = ");
  cases[1].field = "subscription.filter";
  cases[2].request.mutable_subscription()->mutable_ack_deadline()->set_seconds(
      -1);
  cases[2].field = "subscription.ack_deadline";
  cases[3].request.mutable_subscription()->set_max_outstanding(1 << 20);
  cases[3].field = "subscription.max_outstanding";
  cases[4].request.mutable_subscription()->set_max_attempts(-1);
  cases[4].field = "subscription.max_attempts";
  cases[5].request.mutable_start()->set_resume_token("gibberish");
  cases[5].field = "start.resume_token";
  cases[6].request.set_subscription_id("desk");
  cases[6].code = grpc::ALREADY_EXISTS;
  for (const Case& c : cases) {
    v1::Subscription created;
    const grpc::Status status =
        alerts_->CreateSubscription(Context().get(), c.request, &created);
    EXPECT_EQ(status.error_code(), c.code) << c.field;
    EXPECT_EQ(ViolationOf(status).field(), c.field) << status.error_message();
  }
  v1::UpdateSubscriptionRequest update;
  update.mutable_subscription()->set_name("subscriptions/desk");
  update.mutable_update_mask()->add_paths("filter");
  v1::Subscription updated;
  const grpc::Status status =
      alerts_->UpdateSubscription(Context().get(), update, &updated);
  EXPECT_EQ(ViolationOf(status).field(), "update_mask");
  EXPECT_THAT(status.error_message(), HasSubstr("cannot be changed"));
}

TEST_F(PullTest, BadMessagesEndTheCallWithTheirField) {
  Ingest(MakeArticles("a", 1));
  Create(FromTheBeginning());
  EXPECT_EQ(Puller(*this, "none").Finish().error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(Puller(*this, "NO").Finish().error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(Puller(*this, "desk", -1).Finish().error_code(),
            grpc::INVALID_ARGUMENT);
  struct Case {
    v1::PullAlertsRequest request;
    const char* field;
  };
  std::vector<Case> cases(5);
  cases[0].request.set_subscription("subscriptions/desk");
  cases[0].field = "subscription";
  cases[1].request.add_acks()->set_verdict(Ack::ACK);
  cases[1].field = "acks[0].ack_id";
  cases[2].request.add_acks()->set_ack_id("x");
  cases[2].field = "acks[0].verdict";
  cases[3].request.add_acks()->set_ack_id("x");
  cases[3].request.mutable_acks(0)->set_verdict(Ack::NACK);
  cases[3].request.mutable_acks(0)->mutable_delay()->set_seconds(1'000'000);
  cases[3].field = "acks[0].delay";
  for (int i = 0; i < 10'001; ++i) cases[4].request.add_acks();
  cases[4].field = "acks";
  for (const Case& c : cases) {
    Puller puller(*this, "desk");
    puller.ReadDeliveries(1);
    puller.Send(c.request);
    const grpc::Status status = puller.Finish();
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << c.field;
    EXPECT_EQ(ViolationOf(status).field(), c.field) << status.error_message();
  }
}

TEST_F(PullTest, StoppingHandsOverAfterLastAcks) {
  Ingest(MakeArticles("a", 3));
  Create(FromTheBeginning());
  Puller puller(*this, "desk");
  puller.ReadDeliveries(3);
  std::thread stopper([&] { StopDaemon(); });
  puller.Say(Ack::ACK, {0, 1, 2});
  const grpc::Status status = puller.Finish();
  stopper.join();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE) << status.error_message();
  EXPECT_THAT(puller.confirmed_, SizeIs(3));
  StartDaemon();
  EXPECT_EQ(Get().lag(), 0u);
}

}  // namespace
}  // namespace tocsin
