// What the programs that measure the daemon begin and end with.
#ifndef TOCSIN_TESTS_BENCH_BENCH_PROGRAM_H_
#define TOCSIN_TESTS_BENCH_BENCH_PROGRAM_H_

#include <functional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"

namespace tocsin {

// The path of another program in the folder of this one.
std::string BesideThisProgram(const std::string& name);

// Command line and folder of one benchmark. Not thread-safe.
class BenchProgram {
 public:
  // Adds the options --tocsind, which goes into `tocsind`, and --dir: in that
  // folder Run() makes one of its own and puts its path into `dir`. Both must
  // outlive the program.
  BenchProgram(std::string name, const std::string& description,
               std::string& tocsind, std::string& dir);

  // For the options of this benchmark.
  CLI::App& app() { return app_; }

  // Returns the exit code. What is in the folder is kept if the benchmark
  // fails, and the error says where.
  int Run(int argc, char** argv, const std::function<absl::Status()>& bench);

 private:
  const std::string name_;
  CLI::App app_;
  std::string parent_;
  std::string& dir_;
};

}  // namespace tocsin

#endif  // TOCSIN_TESTS_BENCH_BENCH_PROGRAM_H_
