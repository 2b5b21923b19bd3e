#include "pipeline/resume_token.h"

#include <random>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(ResumeToken, ComesBackAsItWas) {
  for (const uint64_t sequence :
       {uint64_t{0}, uint64_t{1}, uint64_t{35}, uint64_t{36},
        uint64_t{12345678}, UINT64_MAX}) {
    const auto back = DecodeResumeToken(EncodeResumeToken("e1", sequence));
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->epoch, "e1");
    EXPECT_EQ(back->sequence, sequence);
  }
}

TEST(ResumeToken, RubbishIsInvalid) {
  const std::string good = EncodeResumeToken("epoch", 1234567);
  std::vector<std::string> rubbish = {"",
                                      ".",
                                      "..",
                                      "...",
                                      "x",
                                      "epoch",
                                      "epoch.1",
                                      "epoch.1.",
                                      "epoch.-1.abc",
                                      std::string(10'000, '.'),
                                      std::string("\0.\0.\0", 5),
                                      good + " ",
                                      " " + good};
  for (size_t i = 0; i < good.size(); ++i) {
    rubbish.push_back(good.substr(0, i));
    std::string changed = good;
    changed[i] = changed[i] == 'q' ? 'r' : 'q';
    rubbish.push_back(changed);
  }
  for (const std::string& token : rubbish) {
    EXPECT_EQ(DecodeResumeToken(token).status().code(),
              absl::StatusCode::kInvalidArgument)
        << token;
  }
}

TEST(ResumeToken, RandomBytesAreNeverAccepted) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string token = "epoch.";
    for (auto n = random() % 12; n > 0; --n) {
      token.push_back(static_cast<char>(random()));
    }
    EXPECT_FALSE(DecodeResumeToken(token).ok());
  }
}

}  // namespace
}  // namespace tocsin
