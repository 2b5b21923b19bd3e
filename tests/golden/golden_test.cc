// Runs the golden examples: one test a file, and for each example that fails
// the line, what was missed and what was found instead.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "detect/analyzer.h"
#include "golden/example.h"
#include "lexicon/lexicon.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

// Built once for all files; null if the data is broken.
const Analyzer* GetAnalyzer() {
  static const std::shared_ptr<const Analyzer>& analyzer =
      *new std::shared_ptr<const Analyzer>(
          []() -> std::shared_ptr<const Analyzer> {
            LexiconOptions options;
            options.data_dir = TOCSIN_SOURCE_DIR "/daemon/data";
            auto lexicon = Lexicon::Load(options);
            EXPECT_TRUE(lexicon.ok()) << lexicon.status();
            if (!lexicon.ok()) return nullptr;
            auto created = Analyzer::Create(*std::move(lexicon));
            EXPECT_TRUE(created.ok()) << created.status();
            return created.ok() ? *std::move(created) : nullptr;
          }());
  return analyzer.get();
}

// Which mentions a file is about.
struct Scope {
  bool names = true;
  bool amounts = true;

  explicit Scope(const std::string& file)
      : names(!absl::StartsWith(file, "amounts")),
        amounts(!absl::StartsWith(file, "names")) {}
  bool Has(const Mention& mention) const {
    return mention.amount >= 0 ? amounts : names;
  }
};

// Everything that differs, a line each; empty if nothing does.
std::string Compare(const Example& example, const Analysis& analysis,
                    const Scope& scope) {
  std::string report;
  std::vector<bool> used(analysis.mentions.size());
  for (const Expectation& expected : example.expected) {
    const absl::string_view text = expected.span.field == Field::kHeadline
                                       ? example.article.headline
                                       : example.article.body;
    std::string why = "not found";
    for (size_t i = 0; i < used.size(); ++i) {
      const Mention& mention = analysis.mentions[i];
      if (used[i] || mention.span != expected.span ||
          (mention.amount >= 0) != expected.is_amount()) {
        continue;
      }
      used[i] = true;
      why = Mismatch(expected, mention, analysis);
      if (!why.empty()) {
        absl::StrAppend(&why, ", found ", Describe(mention, analysis));
      }
      break;
    }
    if (!why.empty()) {
      absl::StrAppend(&report, "    missed [",
                      text.substr(expected.span.begin,
                                  expected.span.end - expected.span.begin),
                      "](", expected.meaning, "): ", why, "\n");
    }
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i] || !scope.Has(analysis.mentions[i])) continue;
    absl::StrAppend(&report, "    false  ",
                    Describe(analysis.mentions[i], analysis), "\n");
  }
  return report;
}

void RunFile(const fs::path& path) {
  const Analyzer* analyzer = GetAnalyzer();
  ASSERT_NE(analyzer, nullptr);
  const Scope scope(path.filename().string());
  const std::string language = path.parent_path().filename().string();
  std::ifstream in(path);
  ASSERT_TRUE(in) << path;
  int line_number = 0;
  int examples = 0;
  int wanted = 0;
  for (std::string line; std::getline(in, line);) {
    ++line_number;
    if (line.find_first_not_of(" \t") == std::string::npos || line[0] == '#') {
      continue;
    }
    const auto example = ParseExample(line);
    if (!example.ok()) {
      ADD_FAILURE_AT(path.c_str(), line_number) << example.status().message();
      continue;
    }
    Article article = example->article;
    article.language = language == "und" ? "" : language;
    const std::string report =
        Compare(*example, analyzer->Analyze(article), scope);
    ++examples;
    wanted += example->wanted;
    if (example->wanted && report.empty()) {
      ADD_FAILURE_AT(path.c_str(), line_number)
          << "works now; take away the `? `: " << line;
    } else if (!example->wanted && !report.empty()) {
      ADD_FAILURE_AT(path.c_str(), line_number) << line << "\n" << report;
    }
  }
  std::cout << path.parent_path().filename().string() << "/"
            << path.filename().string() << ": " << examples << " examples, "
            << wanted << " of them wanted but not working yet\n";
}

class GoldenFile : public testing::Test {
 public:
  explicit GoldenFile(fs::path path) : path_(std::move(path)) {}
  void TestBody() override { RunFile(path_); }

 private:
  const fs::path path_;
};

void RegisterFiles() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(TOCSIN_SOURCE_DIR "/tests/golden")) {
    if (entry.path().extension() == ".txt" &&
        entry.path().filename() != "CMakeLists.txt") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& path : files) {
    // A hyphen in a test's name would upset gtest's filters.
    std::string name = path.stem().string();
    std::replace(name.begin(), name.end(), '-', '_');
    testing::RegisterTest(
        path.parent_path().filename().c_str(), name.c_str(), nullptr, nullptr,
        path.c_str(), 1,
        [path]() -> testing::Test* { return new GoldenFile(path); });
  }
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  tocsin::RegisterFiles();
  return RUN_ALL_TESTS();
}
