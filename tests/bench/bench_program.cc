#include "bench_program.h"

#include <stdlib.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_format.h"

namespace tocsin {
namespace fs = std::filesystem;

std::string BesideThisProgram(const std::string& name) {
  return (fs::canonical("/proc/self/exe").parent_path() / name).string();
}

BenchProgram::BenchProgram(std::string name, const std::string& description,
                           std::string& tocsind, std::string& dir)
    : name_(std::move(name)),
      app_(description),
      parent_(fs::path(BesideThisProgram("..")).lexically_normal().string()),
      dir_(dir) {
  tocsind = BesideThisProgram("tocsind");
  app_.add_option("--tocsind", tocsind, "the program to measure")
      ->capture_default_str();
  app_.add_option("--dir", parent_, "folder for the stores, on a real disk")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
}

int BenchProgram::Run(int argc, char** argv,
                      const std::function<absl::Status()>& bench) {
  CLI11_PARSE(app_, argc, argv);
  dir_ = (fs::path(parent_) / (name_ + ".XXXXXX")).string();
  if (mkdtemp(dir_.data()) == nullptr) {
    absl::FPrintF(stderr, "%s: cannot write in %s\n", name_, parent_);
    return 1;
  }
  if (const absl::Status status = bench(); !status.ok()) {
    absl::FPrintF(stderr, "%s: %s\nwhat it left is in %s\n", name_,
                  status.ToString(), dir_);
    return 1;
  }
  fs::remove_all(dir_);
  return 0;
}

}  // namespace tocsin
