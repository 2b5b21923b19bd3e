// Finds what may be a name in a sentence: listed names, and runs of words
// whose shape says that they are one.
//
// A run is read unit by unit (name_units.h), with the particles and
// connectors between them (`von der`, `of`), and then cut: what introduces a
// name (titles, functions, ordinary words at the beginning of a sentence) is
// left off, listed names inside are taken out.
#ifndef TOCSIN_DETECT_NAME_SCANNER_H_
#define TOCSIN_DETECT_NAME_SCANNER_H_

#include <cstdint>
#include <vector>

#include "detect/name_candidate.h"
#include "detect/name_lists.h"
#include "detect/name_units.h"
#include "detect/name_words.h"
#include "text/document.h"

namespace tocsin {

// For one document. The arguments must outlive it.
class NameScanner {
 public:
  // `barred[i]`: tokens[i] belongs to an amount.
  NameScanner(const Document& document, const NameWords& words,
              const NameLists& lists, const std::vector<bool>& barred)
      : document_(document), words_(words), lists_(lists), barred_(barred) {}

  // Appends the candidates of a sentence, in order, not overlapping.
  void Scan(const Sentence& sentence, std::vector<NameCandidate>& candidates);

 private:
  // How the sentence uses capitals.
  enum class Style : uint8_t {
    kProse,
    kTitle,     // Every Word Has One.
    kShouting,  // ALL LETTERS ARE.
  };

  const Token& At(uint32_t i) const { return document_.tokens[i]; }
  Style StyleOf(const Sentence& sentence) const;
  bool Barred(uint32_t i) const { return !barred_.empty() && barred_[i]; }

  // One past the last token that a name beginning at `first` may reach.
  uint32_t Limit(uint32_t first, uint32_t end) const;
  uint32_t ScanSmall(uint32_t at, uint32_t end,
                     std::vector<NameCandidate>& candidates);
  void ReadRun(uint32_t first, uint32_t end);
  bool ReadGap(uint32_t& at, uint32_t end) const;
  bool JoinsByParticle(uint32_t next, uint32_t facts, uint32_t gap) const;
  uint32_t EmitRun(uint32_t end, std::vector<NameCandidate>& candidates);
  bool IsLead(size_t u, size_t size) const;
  bool IsOrdinaryNoun(size_t u) const;
  size_t SegmentEnd(size_t u, uint32_t end) const;
  bool IsNumeral(uint32_t token) const;
  bool EndsInGenitive(const NameUnit& unit) const;
  bool IsPluralAcronym(uint32_t token) const;
  bool TakesInRest(size_t u, const NameLists::Match& match, size_t next) const;
  void EmitListed(uint32_t first, const NameLists::Match& match, size_t units,
                  std::vector<NameCandidate>& candidates);
  void EmitUnits(size_t first, size_t last,
                 std::vector<NameCandidate>& candidates);
  void DoubtShape(const NameUnit& unit, NameCandidate& candidate) const;
  void AddShapeBelief(const NameUnit& unit, NameCandidate& candidate) const;

  const Document& document_;
  const NameWords& words_;
  const NameLists& lists_;
  const std::vector<bool>& barred_;
  Style style_ = Style::kProse;
  std::vector<NameUnit> run_;
};

}  // namespace tocsin

#endif  // TOCSIN_DETECT_NAME_SCANNER_H_
