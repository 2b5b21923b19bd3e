// Stands in for libFuzzer where the compiler has none: runs the fuzz target on
// the files given, or on random inputs that are the same on every run.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

// The environment variable TOCSIN_FUZZ_INPUTS says another number.
constexpr int kInputs = 3000;

// What text that is worth parsing is made of. No piece is complete.
constexpr const char* kPieces[] = {" ",
                                   " ",
                                   "\n",
                                   "\n\n",
                                   ".",
                                   ",",
                                   ". ",
                                   "-",
                                   "–",
                                   "'",
                                   "’",
                                   "\"",
                                   "(",
                                   ")",
                                   "5",
                                   "12",
                                   "500",
                                   "1.234,5",
                                   "1'000",
                                   "3,5",
                                   "2025",
                                   "$",
                                   "€",
                                   "%",
                                   "£",
                                   "kr",
                                   "USD",
                                   "bn",
                                   "miljard",
                                   "Mrd.",
                                   "million",
                                   "mia.",
                                   "procent",
                                   "half",
                                   "to",
                                   "en",
                                   "och",
                                   "der",
                                   "The",
                                   "van",
                                   "von",
                                   "de",
                                   "Anna",
                                   "Lind",
                                   "OpenAI",
                                   "H100",
                                   "xAI",
                                   "AB",
                                   "GmbH",
                                   "Berlin",
                                   "EU",
                                   "é",
                                   "ß",
                                   "Å",
                                   "東京",
                                   "Москва",
                                   "\u00A0",
                                   "\u00AD",
                                   "\u200D",
                                   "e\u0301",
                                   "@",
                                   "://",
                                   "www.",
                                   "a@b.se",
                                   "\xFF",
                                   "\xC3",
                                   "\xED\xA0\x80",
                                   "\xF0\x9F\x98\x80",
                                   "tvåhundrafemtio",
                                   "zweiundzwanzig",
                                   "vijfentwintig",
                                   "1e9",
                                   "--",
                                   "..."};

std::string RandomInput(std::mt19937& random) {
  std::string input;
  const size_t size = random() % 80;
  const bool bytes_only = random() % 8 == 0;
  for (size_t i = 0; i < size; ++i) {
    if (bytes_only || random() % 40 == 0) {
      input.push_back(static_cast<char>(random() & 0xFF));
    } else {
      input += kPieces[random() % std::size(kPieces)];
    }
  }
  return input;
}

void RunOne(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()),
                         input.size());
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    if (!in) {
      std::fprintf(stderr, "%s: cannot be read\n", argv[i]);
      return EXIT_FAILURE;
    }
    RunOne({std::istreambuf_iterator<char>(in), {}});
  }
  if (argc > 1) return EXIT_SUCCESS;
  std::mt19937 random(1);
  const char* number = std::getenv("TOCSIN_FUZZ_INPUTS");
  const int inputs = number == nullptr ? kInputs : std::atoi(number);
  for (int i = 0; i < inputs; ++i) RunOne(RandomInput(random));
  std::printf("%d random inputs\n", inputs);
  return EXIT_SUCCESS;
}
