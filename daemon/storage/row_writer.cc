#include "storage/row_writer.h"

#include "storage/analysis_record.h"
#include "storage/records.h"
#include "storage/wire_writer.h"

namespace tocsin {
namespace {

constexpr int kMaxFields = 11;
constexpr int kNumbersPerMention = 6;

uint64_t Micros(const std::optional<absl::Time>& time) {
  return static_cast<uint64_t>(ToMicros(time));
}

template <typename Number>
void AppendPacked(int field, absl::Span<const Number> numbers,
                  std::string& scratch, std::string& row) {
  if (numbers.empty()) return;
  scratch.clear();
  for (const Number number : numbers) {
    AppendVarint(static_cast<uint64_t>(number), scratch);
  }
  AppendPart(field, scratch, row);
}

void AppendSighting(const Sighting& sighting, std::string& scratch,
                    std::string& row) {
  char bytes[kMaxFields * (kMaxVarintBytes + 1)];
  char* at = bytes;
  at = PutVarintField(1, static_cast<uint64_t>(sighting.mention), at);
  at = PutVarintField(2, static_cast<uint64_t>(NoveltyOf(sighting)), at);
  at = PutVarintField(3, Micros(sighting.evidence.first_seen), at);
  at = PutVarintField(4, Micros(sighting.evidence.last_seen), at);
  at = PutVarintField(5, static_cast<uint64_t>(sighting.evidence.article_count),
                      at);
  at = PutVarintField(6, static_cast<uint64_t>(sighting.evidence.source_count),
                      at);
  scratch.assign(bytes, static_cast<size_t>(at - bytes));
  if (sighting.previous.has_value()) {
    AmountRecord previous = ToRecord(*sighting.previous);
    previous.clear_anchor();
    previous.clear_linked();
    AppendPart(7, previous.SerializeAsString(), scratch);
  }
  const Evidence& anchor = sighting.anchor;
  at = bytes;
  at = PutVarintField(8, static_cast<uint64_t>(anchor.article_count), at);
  at = PutVarintField(9, Micros(anchor.first_seen), at);
  at = PutVarintField(10, Micros(anchor.last_seen), at);
  at = PutVarintField(11, static_cast<uint64_t>(anchor.source_count), at);
  scratch.append(bytes, static_cast<size_t>(at - bytes));
  AppendPart(5, scratch, row);
}

void AppendMentions(const Analysis& analysis, std::string& scratch,
                    std::string& row) {
  if (analysis.mentions.empty()) return;
  scratch.clear();
  for (const Mention& mention : analysis.mentions) {
    char bytes[kNumbersPerMention * kMaxVarintBytes];
    char* at = bytes;
    for (const uint32_t number : NumbersOf(mention)) at = PutVarint(number, at);
    scratch.append(bytes, static_cast<size_t>(at - bytes));
  }
  AppendPart(4, scratch, row);
}

}  // namespace

void AppendAmountLink(const AmountLink& link, std::string& row) {
  char bytes[3 * (kMaxVarintBytes + 1)];
  char* at = PutVarintField(2, link.approximate ? 1 : 0, bytes);
  if (link.anchored) {
    at = PutVarintField(3, 1, at);
    at = PutVarintField(4, link.index, at);
  }
  const auto flags = static_cast<size_t>(at - bytes);
  std::string part;
  AppendTextField(1, link.key, part);
  part.append(bytes, flags);
  AppendTextField(5, link.unit, part);
  AppendPart(2, part, row);
}

void AppendEntitySighting(bool amounts_only, absl::string_view links,
                          int64_t event_time, uint32_t source,
                          std::string& row) {
  AppendVarintField(1, amounts_only ? 1 : 0, row);
  row.append(links.data(), links.size());
  AppendVarintField(3, static_cast<uint64_t>(event_time), row);
  AppendFixed32Field(4, source, row);
}

void AppendMentionList(const Analysis& analysis,
                       absl::Span<const uint64_t> numbers,
                       absl::Span<const Sighting> sightings, std::string& row) {
  std::string scratch;
  AppendPacked(1, numbers, scratch, row);
  if (!analysis.entities.empty()) {
    scratch.clear();
    for (const Entity& entity : analysis.entities) {
      scratch.push_back(static_cast<char>(entity.type));
    }
    AppendPart(2, scratch, row);
  }
  for (const Amount& amount : analysis.amounts) {
    ToRecord(amount).SerializeToString(&scratch);
    AppendPart(3, scratch, row);
  }
  AppendMentions(analysis, scratch, row);
  for (const Sighting& sighting : sightings) {
    AppendSighting(sighting, scratch, row);
  }
}

void AppendNamedOtherwise(size_t index, const Entity& entity,
                          std::string& row) {
  std::string part;
  AppendVarintField(1, index, part);
  AppendTextField(2, entity.key, part);
  AppendTextField(3, entity.display_name, part);
  AppendVarintField(4, entity.listed ? 1 : 0, part);
  AppendPart(6, part, row);
}

void AppendEntitySource(absl::string_view source, std::string& row) {
  AppendPart(6, source, row);
}

void AppendEntityForm(absl::string_view language, absl::string_view text,
                      std::string& row) {
  std::string form;
  AppendTextField(1, language, form);
  AppendTextField(2, text, form);
  AppendPart(7, form, row);
}

void AppendEntityCounters(const Counters& counters,
                          absl::Span<const int32_t> type_votes,
                          absl::Span<const int32_t> form_counts,
                          std::string& row) {
  AppendVarintField(1, static_cast<uint64_t>(counters.first_seen_at), row);
  AppendVarintField(2, static_cast<uint64_t>(counters.last_seen_at), row);
  AppendVarintField(3, static_cast<uint64_t>(counters.article_count), row);
  std::string scratch;
  AppendPacked(4, type_votes, scratch, row);
  AppendPacked(5, form_counts, scratch, row);
}

}  // namespace tocsin
