#include "app/config.h"

#include <filesystem>
#include <fstream>

#include "app/listen_address.h"
#include "app/units.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

using testing::HasSubstr;

// A config file in a fresh place, removed at the end.
class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text)
      : path_(testing::TempDir() + "/tocsind_" +
              testing::UnitTest::GetInstance()->current_test_info()->name() +
              ".yaml") {
    std::ofstream(path_) << text;
  }
  ~ConfigFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

std::string ErrorOf(const std::vector<std::string>& args) {
  const auto parsed = ParseConfig(args, "/nowhere");
  EXPECT_FALSE(parsed.ok());
  return std::string(parsed.status().message());
}

TEST(ParseConfig, Defaults) {
  const auto parsed = ParseConfig({"--data", "d"}, "/nowhere/share/tocsin");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->config.data, "d");
  EXPECT_EQ(parsed->config.listen, "127.0.0.1:7640");
  EXPECT_EQ(parsed->config.lexicon, "/nowhere/share/tocsin/data");
  EXPECT_EQ(parsed->config.rules, "");  // No shipped ones in that place.
  EXPECT_EQ(parsed->print, "");
}

TEST(ParseConfig, FlagWinsOverFile) {
  const ConfigFile file(
      "data: from-file\nlisten: 127.0.0.1:1\nlog-format: json\nthreads: 3\n");
  const auto parsed =
      ParseConfig({"--config", file.path(), "--listen", "[::1]:2"}, "/nowhere");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->config.data, "from-file");
  EXPECT_EQ(parsed->config.listen, "[::1]:2");
  EXPECT_EQ(parsed->config.log_format, LogFormat::kJson);
  EXPECT_EQ(parsed->config.threads, 3);
}

TEST(ParseConfig, AgesAndSizes) {
  const ConfigFile file(
      "data: d\nkeep-articles: 90d\nmax-alerts: 20G\nentity-memory: 2G\n");
  const auto parsed =
      ParseConfig({"--config", file.path(), "--reserve", "16M"}, "/nowhere");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->config.keep.articles.age, absl::Hours(90 * 24));
  EXPECT_EQ(parsed->config.keep.articles.bytes, 0);
  EXPECT_EQ(parsed->config.keep.alerts.age, absl::InfiniteDuration());
  EXPECT_EQ(parsed->config.keep.alerts.bytes, int64_t{20} << 30);
  EXPECT_EQ(parsed->config.reserve_bytes, 16 << 20);
  EXPECT_EQ(parsed->config.entity_memory_bytes, int64_t{2} << 30);

  EXPECT_EQ(*ParseAge("36h"), absl::Hours(36));
  EXPECT_EQ(*ParseAge("2y"), absl::Hours(730 * 24));
  EXPECT_EQ(*ParseAge("forever"), absl::InfiniteDuration());
  EXPECT_EQ(*ParseSize("123"), 123);
  EXPECT_EQ(*ParseSize("1K"), 1024);
  EXPECT_EQ(*ParseSize("unlimited"), 0);
  for (const char* bad : {"", "d", "-1d", "0d", "1.5d", "1D", "d1", "1 d"}) {
    EXPECT_FALSE(ParseAge(bad).ok()) << bad;
  }
  for (const char* bad : {"", "K", "-1", "0", "1.5G", "1g", "9999999999T"}) {
    EXPECT_FALSE(ParseSize(bad).ok()) << bad;
  }
}

TEST(ParseConfig, ErrorsNameTheFlag) {
  struct Case {
    std::vector<std::string> args;
    const char* says;
  };
  const Case cases[] = {
      {{}, "--data: say where"},
      {{"--data", "d", "--lisen", "x"}, "--lisen"},
      {{"--data", "d", "--threads", "0"}, "--threads: '0' is not a number"},
      {{"--data", "d", "--log-level", "loud"}, "--log-level: 'loud'"},
      {{"--data", "d", "--listen", "0.0.0.0:1"}, "needs TLS"},
      {{"--data", "d", "--config", "/nowhere.yaml"}, "cannot read /nowhere"},
      {{"--data", "d", "--keep-articles", "90"},
       "--keep-articles: '90' is not"},
      {{"--data", "d", "--max-alerts", "1Q"}, "--max-alerts: '1Q' is not"},
      {{"--data", "d", "--check", "--restore", "b"}, "--check"},
  };
  for (const Case& c : cases) EXPECT_THAT(ErrorOf(c.args), HasSubstr(c.says));
}

TEST(ParseConfig, ErrorsNameTheLineOfTheFile) {
  struct Case {
    const char* text;
    const char* says;
  };
  const Case cases[] = {
      {"data: d\nlisen: x\n", "line 2: there is no option 'lisen'"},
      {"data: d\nlisten: nowhere\n", "line 2: listen: 'nowhere' is not HOST"},
      {"data: [1, 2]\n", "line 1: is not `name: value`"},
      {"- data\n", "is not a list of"},
      {"data: {d\nthreads: 1\n", "is not YAML"},
  };
  for (const Case& c : cases) {
    const ConfigFile file(c.text);
    EXPECT_THAT(ErrorOf({"--config", file.path()}), HasSubstr(c.says));
  }
}

TEST(ParseConfig, HelpHasExamplesAndExitCodes) {
  const auto parsed = ParseConfig({"--help"}, "/nowhere");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  for (const char* part : {"Examples:", "Exit codes:", "--port-file", "SIGHUP"})
    EXPECT_THAT(parsed->print, HasSubstr(part));
}

TEST(CheckListenAddress, TakesLoopbackOnly) {
  for (const char* good :
       {"127.0.0.1:7640", "127.9.9.9:0", "[::1]:65535", "localhost:80"}) {
    EXPECT_TRUE(CheckListenAddress(good).ok()) << good;
  }
  for (const char* bad :
       {"", ":", "7640", ":7640", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:x", "[::]:1", "0.0.0.0:1", "10.0.0.1:1",
        "::1:1", "localhost.evil.example:1", "unix:/tmp/x"}) {
    EXPECT_FALSE(CheckListenAddress(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace tocsin
