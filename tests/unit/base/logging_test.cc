#include "base/logging.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tocsin {
namespace {

TEST(FormatLogLine, TextQuotesOnlyWhereNeeded) {
  EXPECT_EQ(FormatLogLine(LogFormat::kText, "listening",
                          {{"address", "127.0.0.1:7640"},
                           {"data", "/var/lib/two words"},
                           {"rules", 12},
                           {"empty", ""},
                           {"young", true}}),
            "listening address=127.0.0.1:7640 data=\"/var/lib/two words\" "
            "rules=12 empty=\"\" young=true");
}

TEST(FormatLogLine, JsonKeepsNumbersBare) {
  EXPECT_EQ(FormatLogLine(LogFormat::kJson, "committed",
                          {{"articles", int64_t{3}}, {"source", "a\"b"}}),
            R"("message":"committed","articles":3,"source":"a\"b")");
}

TEST(FormatLogLine, ValueCannotForgeALine) {
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    const std::string line =
        FormatLogLine(format, "rejected", {{"id", "x\ninfo all is well\x1b"}});
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
  }
}

TEST(ParseLogLevel, NamesTheChoices) {
  EXPECT_EQ(*ParseLogLevel("warning"), LogLevel::kWarning);
  EXPECT_THAT(std::string(ParseLogLevel("loud").status().message()),
              testing::HasSubstr("'loud' is not one of debug, info"));
  EXPECT_EQ(*ParseLogFormat("json"), LogFormat::kJson);
  EXPECT_FALSE(ParseLogFormat("xml").ok());
}

}  // namespace
}  // namespace tocsin
