// Memory of all ingest streams together.
#include "pipeline/ingest_budget.h"

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(IngestBudget, WhoFindsNoRoomIsCalledOnceThereIsSome) {
  IngestBudget budget(100);
  int calls = 0;
  const auto count = [&] { ++calls; };
  EXPECT_TRUE(budget.HasRoom(count));
  budget.Add(150);  // What was being read goes beyond.
  EXPECT_FALSE(budget.HasRoom(count));
  EXPECT_FALSE(budget.HasRoom(count));
  budget.Release(50);
  EXPECT_EQ(calls, 0) << "at the limit there is no room";
  budget.Release(1);
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(budget.HasRoom(count));
  budget.Release(99);
  EXPECT_EQ(calls, 2) << "once each, and not who found room";
}

TEST(IngestBudget, RefusesOnlyFarBeyondTheLimit) {
  IngestBudget budget(100);
  budget.Add(199);
  EXPECT_TRUE(budget.Check().ok());
  budget.Add(1);
  EXPECT_TRUE(absl::IsResourceExhausted(budget.Check())) << budget.Check();
  budget.Release(1);
  EXPECT_TRUE(budget.Check().ok());
}

}  // namespace
}  // namespace tocsin
