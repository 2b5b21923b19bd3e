#include "storage/high_water.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gtest/gtest.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

class HighWaterTest : public ::testing::Test {
 protected:
  HighWaterTest() {
    std::string path =
        (fs::temp_directory_path() / "tocsin-mark-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) std::abort();
    root_ = path;
    file_ = root_ + "/HIGH-WATER";
  }
  ~HighWaterTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  std::string Bytes() const {
    std::ostringstream text;
    text << std::ifstream(file_).rdbuf();
    return text.str();
  }
  void SetBytes(const std::string& bytes) const {
    std::ofstream(file_) << bytes;
  }

  std::string root_;
  std::string file_;
};

TEST_F(HighWaterTest, TheLatestMarkComesBack) {
  auto file = HighWaterFile::Create(file_, HighWater{"e1", 5, 2, 77},
                                    absl::Seconds(100));
  ASSERT_TRUE(file.ok()) << file.status();
  CommitRecord commit;
  commit.set_last_commit(UINT64_MAX);
  commit.set_chain(UINT64_MAX);
  ASSERT_TRUE((*file)->Advance(9, &commit, absl::Seconds(100)).ok());
  // Late marks change nothing; those without a commit keep the one there is.
  ASSERT_TRUE((*file)->Advance(8, nullptr, absl::Seconds(102)).ok());
  const auto mark = ReadHighWater(file_);
  ASSERT_TRUE(mark.ok()) << mark.status();
  EXPECT_EQ(mark->epoch, "e1");
  EXPECT_EQ(mark->write, 9u);
  EXPECT_EQ(mark->commit, UINT64_MAX);
  EXPECT_EQ(mark->chain, UINT64_MAX);
}

TEST_F(HighWaterTest, EveryFlippedBitAndEveryCutIsNoticed) {
  ASSERT_TRUE(
      HighWaterFile::Create(file_, HighWater{"e1", 5, 2, 77}, absl::Seconds(1))
          .ok());
  const std::string good = Bytes();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    SetBytes(changed);
    const auto mark = ReadHighWater(file_);
    EXPECT_EQ(mark.status().code(), absl::StatusCode::kDataLoss) << i;
    EXPECT_NE(mark.status().message().find(file_), std::string::npos);
    SetBytes(good.substr(0, i));
    EXPECT_FALSE(ReadHighWater(file_).ok()) << i;
  }
  fs::remove(file_);
  EXPECT_EQ(ReadHighWater(file_).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace tocsin
