#include "cli/rpc_error.h"

#include "cli/connection.h"
#include "gtest/gtest.h"

namespace tocsin::cli {
namespace {

grpc::Status FilterError(int line, int column) {
  v1::FieldViolation violation;
  violation.set_field("filter");
  violation.set_line(line);
  violation.set_column(column);
  v1::Error error;
  error.set_code(3);
  error.set_message("filter: expected a value");
  error.add_details()->PackFrom(violation);
  return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, error.message(),
                      error.SerializeAsString());
}

TEST(DescribeErrorTest, ShowsThePlaceInAFilter) {
  EXPECT_EQ(DescribeError(FilterError(1, 12), "urgency <= AND"),
            "filter: expected a value\n"
            "    urgency <= AND\n"
            "               ^");
}

TEST(DescribeErrorTest, LeavesAMessageAloneThatShowsThePlace) {
  const grpc::Status status(grpc::StatusCode::INVALID_ARGUMENT,
                            "line 1: no\n  a b\n    ^",
                            FilterError(1, 3).error_details());
  EXPECT_EQ(DescribeError(status, "a b"), "line 1: no\n  a b\n    ^");
}

TEST(DescribeErrorTest, TakesPlacesThatAreNotThere) {
  EXPECT_EQ(DescribeError(FilterError(7, 1), "x"), "filter: expected a value");
  EXPECT_EQ(DescribeError(FilterError(1, 99), "x"), "filter: expected a value");
  EXPECT_EQ(DescribeError(FilterError(0, 0), "x"), "filter: expected a value");
  EXPECT_EQ(
      DescribeError(grpc::Status(grpc::StatusCode::INTERNAL, "m", "junk"), "x"),
      "m");
}

TEST(CaretTextTest, CountsCharactersAndShowsColumns) {
  // Two wide characters before the caret: four columns.
  EXPECT_EQ(CaretText("a\n東京 x", 2, 3), "    東京 x\n        ^");
  EXPECT_EQ(CaretText("ab", 1, 3), "    ab\n      ^");  // At the end.
}

TEST(PositionLostTest, IsUnpacked) {
  v1::PositionLost lost;
  lost.set_resume_token("t");
  v1::Error error;
  error.add_details()->PackFrom(lost);
  const grpc::Status status(grpc::StatusCode::OUT_OF_RANGE, "gone",
                            error.SerializeAsString());
  ASSERT_TRUE(PositionLostOf(status).has_value());
  EXPECT_EQ(PositionLostOf(status)->resume_token(), "t");
  EXPECT_FALSE(ViolationOf(status).has_value());
}

TEST(ExplainTest, NamesTheDaemonAndTheFix) {
  const Connection connection({.server = "127.0.0.1:1"});
  const absl::Status status = connection.Explain(
      grpc::Status(grpc::StatusCode::UNAVAILABLE,
                   "failed to connect to all addresses; last error: ..."));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(),
            "no daemon at 127.0.0.1:1: start it with `tocsind --data DIR`, or "
            "name another with --server HOST:PORT");
}

}  // namespace
}  // namespace tocsin::cli
