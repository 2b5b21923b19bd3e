// Finds what may be a name in a sentence: listed names, and runs of words
// whose shape says that they are one.
//
// A run is read unit by unit (name_units.h), with the particles and
// connectors between them (`von der`, `of`), and then cut (name_run.h).
#ifndef TOCSIN_DETECT_NAME_SCANNER_H_
#define TOCSIN_DETECT_NAME_SCANNER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "detect/name_candidate.h"
#include "detect/name_lists.h"
#include "detect/name_shapes.h"
#include "detect/name_text.h"
#include "detect/name_units.h"

namespace tocsin {

// For one document. The arguments must outlive it.
class NameScanner {
 public:
  // `barred[i]`, of each token: whether it belongs to an amount.
  NameScanner(NameText& text, const NameLists& lists,
              const std::vector<char>& barred)
      : text_(text), lists_(lists), barred_(barred) {}

  // What the one look at every token of a sentence sees.
  struct Glance {
    SentenceStyle style = SentenceStyle::kProse;
    std::vector<uint32_t> starts;  // Tokens at which a name may begin.
  };
  void Look(const Sentence& sentence, Glance& glance) const;

  // Appends the candidates of a sentence, in order, not overlapping.
  void Scan(const Sentence& sentence, const Glance& glance,
            std::vector<NameCandidate>& candidates);

  // Tokens with a capital that were taken for ordinary words, in order.
  std::vector<uint32_t> TakePassedOver() { return std::move(passed_over_); }

 private:
  bool Barred(uint32_t i) const { return barred_[i] != 0; }

  // One past the last token that a name beginning at `first` may reach. Asked
  // from left to right.
  uint32_t Limit(uint32_t first, uint32_t end);
  uint32_t ScanSmall(uint32_t at, uint32_t end,
                     std::vector<NameCandidate>& candidates);

  uint32_t TitleEnd(uint32_t first, const Sentence& sentence);
  uint32_t ReadTitle(uint32_t first, uint32_t last,
                     std::vector<NameCandidate>& candidates);
  bool BeginsWithArticle(uint32_t i, uint32_t end);
  uint32_t ScanArticle(uint32_t at, uint32_t limit,
                       std::vector<NameCandidate>& candidates);
  void ReadRun(uint32_t first, uint32_t end);
  void ReadUnit(uint32_t first, uint32_t end);
  bool ReadGap(uint32_t& at, uint32_t end);
  bool IsRealm(uint32_t gap, uint32_t i);
  bool JoinsByParticle(uint32_t next, uint32_t gap);

  uint32_t CutRun(std::vector<NameCandidate>& candidates);

  NameText& text_;
  const NameLists& lists_;
  const std::vector<char>& barred_;
  SentenceStyle style_ = SentenceStyle::kProse;
  uint32_t limit_ = 0;  // The latest Limit() in this sentence.
  std::vector<NameUnit> run_;
  std::vector<uint32_t> passed_over_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_SCANNER_H_
