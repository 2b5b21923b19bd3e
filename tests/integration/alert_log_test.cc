// Reads of the alert log: pages, order, filters, single alerts.
#include "daemon_fixture.h"
#include "gmock/gmock.h"

namespace tocsin {
namespace {

using testing::HasSubstr;

class AlertLogTest : public DaemonTest {
 protected:
  AlertLogTest() {
    StartDaemon();
    std::vector<v1::Article> articles = MakeArticles("a", 130);
    for (size_t i = 0; i < articles.size(); i += 10) {
      articles[i].set_language("da");
    }
    Ingest(articles);
  }

  // Sequences over all pages.
  std::vector<uint64_t> ListAll(v1::ListAlertsRequest request) {
    std::vector<uint64_t> all;
    do {
      v1::ListAlertsResponse response;
      const grpc::Status status =
          alerts_->ListAlerts(Context().get(), request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      if (!status.ok()) break;
      for (const v1::Alert& alert : response.alerts()) {
        all.push_back(alert.sequence());
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
};

TEST_F(AlertLogTest, PagesCoverTheLogOnceInEitherOrder) {
  for (const int page_size : {1, 7, 0, 130, 1000}) {
    for (const bool oldest_first : {false, true}) {
      v1::ListAlertsRequest request;
      request.set_page_size(page_size);
      request.set_oldest_first(oldest_first);
      const std::vector<uint64_t> all = ListAll(request);
      ASSERT_EQ(all.size(), 130u) << page_size;
      for (uint64_t i = 0; i < 130; ++i) {
        EXPECT_EQ(all[i], oldest_first ? i + 1 : 130 - i);
      }
    }
  }
}

TEST_F(AlertLogTest, FiltersKeepTheOrder) {
  v1::ListAlertsRequest request;
  request.set_filter("language = \"da\"");
  request.set_page_size(5);
  const std::vector<uint64_t> all = ListAll(request);
  ASSERT_EQ(all.size(), 13u);
  EXPECT_EQ(all.front(), 121u);
  EXPECT_EQ(all.back(), 1u);
}

TEST_F(AlertLogTest, ATokenBelongsToItsRequest) {
  v1::ListAlertsRequest request;
  request.set_page_size(5);
  v1::ListAlertsResponse response;
  ASSERT_TRUE(alerts_->ListAlerts(Context().get(), request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_filter("language = \"da\"");
  grpc::Status status =
      alerts_->ListAlerts(Context().get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(ViolationOf(status).field(), "page_token");
  request.set_page_token("%%%");
  status = alerts_->ListAlerts(Context().get(), request, &response);
  EXPECT_EQ(ViolationOf(status).field(), "page_token");
  request.clear_page_token();
  request.set_page_size(-1);
  status = alerts_->ListAlerts(Context().get(), request, &response);
  EXPECT_EQ(ViolationOf(status).field(), "page_size");
}

TEST_F(AlertLogTest, GetsOne) {
  v1::GetAlertRequest request;
  request.set_sequence(42);
  v1::Alert alert;
  ASSERT_TRUE(alerts_->GetAlert(Context().get(), request, &alert).ok());
  EXPECT_EQ(alert.sequence(), 42u);
  EXPECT_EQ(alert.article(), "sources/wire/articles/a-41");
  request.set_sequence(131);
  grpc::Status status = alerts_->GetAlert(Context().get(), request, &alert);
  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("131"));
  request.set_sequence(0);
  status = alerts_->GetAlert(Context().get(), request, &alert);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace tocsin
