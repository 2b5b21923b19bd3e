#include "service/page.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(PageSize, DefaultsAndBounds) {
  EXPECT_EQ(*PageSize(0), 50u);
  EXPECT_EQ(*PageSize(1), 1u);
  EXPECT_EQ(*PageSize(1000), 1000u);
  EXPECT_EQ(*PageSize(1'000'000), 1000u);
  EXPECT_FALSE(PageSize(-1).ok());
}

TEST(PageToken, RoundTrips) {
  for (const PageStart start :
       {PageStart{0, 0}, PageStart{1, 2}, PageStart{~0ull, ~0ull}}) {
    const std::string token = EncodePageToken(start, "request");
    const auto decoded = DecodePageToken(token, "request");
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, start);
  }
  EXPECT_EQ(*DecodePageToken("", "request"), PageStart());
}

TEST(PageToken, EveryChangedCharacterIsNoticed) {
  const std::string token = EncodePageToken({123456, 7}, "request");
  EXPECT_FALSE(DecodePageToken(token, "another").ok());
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(DecodePageToken(changed, "request").ok()) << i;
    EXPECT_FALSE(DecodePageToken(token.substr(0, i), "request").ok() && i > 0)
        << i;
  }
}

}  // namespace
}  // namespace tocsin
