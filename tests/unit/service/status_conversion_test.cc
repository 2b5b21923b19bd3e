#include "service/status_conversion.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/compile_filter.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {
namespace {

v1::FieldViolation ViolationOf(const absl::Status& status) {
  v1::FieldViolation violation;
  const v1::Error error = ToErrorProto(status);
  for (const auto& detail : error.details()) {
    detail.UnpackTo(&violation);
  }
  return violation;
}

TEST(StatusConversion, KeepsEveryCodeThereAndBack) {
  for (int code = 0; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "why");
    const grpc::Status converted = ToGrpcStatus(status);
    EXPECT_EQ(converted.error_code(), code);
    EXPECT_EQ(FromGrpcStatus(converted).code(), status.code());
    if (code != 0) {
      EXPECT_EQ(converted.error_message(), "why");
    }
  }
}

TEST(StatusConversion, TheFieldIsReadOffTheMessage) {
  struct Case {
    const char* message;
    const char* field;
    const char* description;
  };
  const Case cases[] = {
      {"article.body: is empty", "article.body", "is empty"},
      {"rules[3].filter: is long", "rules[3].filter", "is long"},
      {"page_size: is negative: -1", "page_size", "is negative: -1"},
      {"Not a field: really", "", ""},
      {"two words: no field", "", ""},
      {": nothing", "", ""},
      {"no colon", "", ""},
  };
  for (const Case& c : cases) {
    const auto violation = ViolationOf(absl::InvalidArgumentError(c.message));
    EXPECT_EQ(violation.field(), c.field) << c.message;
    EXPECT_EQ(violation.description(), c.description) << c.message;
  }
  EXPECT_EQ(ViolationOf(absl::NotFoundError("a: b")).field(), "");
}

TEST(StatusConversion, DetailsTravel) {
  absl::Status status = absl::OutOfRangeError("gone");
  v1::PositionLost lost;
  lost.set_missed(7);
  AddDetail(status, lost);
  const absl::Status back = FromGrpcStatus(ToGrpcStatus(status));
  const v1::Error error = ToErrorProto(back);
  ASSERT_EQ(error.details_size(), 1);
  v1::PositionLost read;
  ASSERT_TRUE(error.details(0).UnpackTo(&read));
  EXPECT_EQ(read.missed(), 7u);
}

TEST(StatusConversion, AFilterErrorHasItsPlace) {
  const auto filter = CompileFilter("language = \"sv\" AND\n  nonsense = 3",
                                    FilterPlace::kAlert);
  ASSERT_FALSE(filter.ok());
  const v1::FieldViolation violation = ViolationOf(filter.status());
  EXPECT_EQ(violation.field(), "filter");
  EXPECT_EQ(violation.line(), 2);
  EXPECT_EQ(violation.column(), 3);
  EXPECT_EQ(ViolationOf(InField("rule", filter.status())).line(), 2);
}

TEST(InField, PrefixesInvalidArgumentsOnly) {
  const absl::Status inner = FieldError("filter", "is empty");
  EXPECT_EQ(InField("rule", inner).message(), "rule.filter: is empty");
  EXPECT_EQ(InField("rule", absl::InvalidArgumentError("Bad")).message(),
            "rule: Bad");
  EXPECT_EQ(InField("rule", absl::NotFoundError("a: b")).message(), "a: b");
  EXPECT_TRUE(InField("rule", absl::OkStatus()).ok());
}

}  // namespace
}  // namespace tocsin
