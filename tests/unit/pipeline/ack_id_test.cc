#include "pipeline/ack_id.h"

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(AckId, ComesBackAsItWas) {
  const uint64_t scope = AckScope("epoch", "desk");
  for (const AckId& id : {AckId{1, 1, 1}, AckId{0, UINT64_MAX, 1'000'000},
                          AckId{7, 1 << 20, 2}}) {
    const std::string text = EncodeAckId(scope, id);
    EXPECT_LE(text.size(), kMaxAckIdBytes);
    EXPECT_EQ(DecodeAckId(scope, text), id);
  }
}

TEST(AckId, IsGoodForItsSubscriptionAndEpochOnly) {
  const std::string text = EncodeAckId(AckScope("epoch", "desk"), {1, 2, 3});
  EXPECT_FALSE(DecodeAckId(AckScope("epoch", "other"), text).has_value());
  EXPECT_FALSE(DecodeAckId(AckScope("later", "desk"), text).has_value());
}

TEST(AckId, AnythingElseIsNone) {
  const uint64_t scope = AckScope("epoch", "desk");
  const std::string good = EncodeAckId(scope, {1, 2, 3});
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(DecodeAckId(scope, bad).has_value()) << bad;
    EXPECT_FALSE(DecodeAckId(scope, good.substr(0, i)).has_value());
  }
  for (const std::string& bad :
       {std::string(), std::string("?"), good + good, std::string(100, 'A')}) {
    EXPECT_FALSE(DecodeAckId(scope, bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace tocsin
