#include "storage/analysis_record.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace tocsin {
namespace {

constexpr int kNumbersPerMention = 6;

absl::Status Malformed(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("stored mentions: ", what));
}

Decimal ToDecimal(const std::string& text) {
  return Decimal{text, std::strtod(text.c_str(), nullptr)};
}

struct StoredSpan {
  Span span;
  bool is_amount = false;
  uint32_t index = 0;
  uint32_t sentence_begin = 0;
  uint32_t sentence_end = 0;
};

// The text is not at hand: bounds are still to be checked.
template <typename Message>
absl::StatusOr<StoredSpan> UncheckedSpanAt(const Message& message, size_t i) {
  if (static_cast<size_t>(message.mentions_size()) <
      (i + 1) * kNumbersPerMention) {
    return Malformed("too few");
  }
  const uint32_t* numbers = message.mentions().data() + i * kNumbersPerMention;
  const uint32_t field = numbers[0] / 2;
  if (field != 1 && field != 2) return Malformed("no such field");
  StoredSpan stored;
  stored.is_amount = numbers[0] % 2 == 1;
  stored.span.field = static_cast<Field>(field);
  stored.span.begin = numbers[1];
  stored.span.end = numbers[1] + numbers[2];
  stored.index = numbers[3];
  stored.sentence_begin = numbers[1] - numbers[4];
  stored.sentence_end = stored.sentence_begin + numbers[5];
  if (numbers[4] > numbers[1]) return Malformed("outside of the text");
  const int count =
      stored.is_amount ? message.amounts_size() : message.entities_size();
  if (stored.index >= static_cast<uint32_t>(count)) {
    return Malformed("an index without its entity or amount");
  }
  return stored;
}

absl::Status CheckBounds(const Span& span, uint32_t sentence_end,
                         absl::string_view headline, absl::string_view body) {
  const size_t size = (span.field == Field::kHeadline ? headline : body).size();
  if (span.end > size || span.begin > span.end || sentence_end > size) {
    return Malformed("outside of the text");
  }
  return absl::OkStatus();
}

// Bounds are checked against the text, so that what follows can trust them.
template <typename Message>
absl::StatusOr<StoredSpan> SpanAt(const Message& message, size_t i,
                                  absl::string_view headline,
                                  absl::string_view body) {
  TOCSIN_ASSIGN_OR_RETURN(const StoredSpan stored, UncheckedSpanAt(message, i));
  TOCSIN_RETURN_IF_ERROR(
      CheckBounds(stored.span, stored.sentence_end, headline, body));
  return stored;
}

absl::string_view TextOf(const Span& span, absl::string_view headline,
                         absl::string_view body) {
  return (span.field == Field::kHeadline ? headline : body)
      .substr(span.begin, span.end - span.begin);
}

}  // namespace

std::array<uint32_t, 6> NumbersOf(const Mention& mention) {
  const bool is_amount = mention.amount >= 0;
  return {static_cast<uint32_t>(mention.span.field) * 2 + (is_amount ? 1 : 0),
          mention.span.begin,
          mention.span.end - mention.span.begin,
          static_cast<uint32_t>(is_amount ? mention.amount : mention.entity),
          mention.span.begin - mention.sentence_begin,
          mention.sentence_end - mention.sentence_begin};
}

EntityMentionRecord ToRecord(const Entity& entity) {
  EntityMentionRecord record;
  record.set_type(static_cast<int>(entity.type));
  record.set_key(entity.key);
  record.set_display_name(entity.display_name);
  record.set_listed(entity.listed);
  return record;
}

AmountRecord ToRecord(const Amount& amount) {
  AmountRecord record;
  record.set_kind(static_cast<int>(amount.kind));
  record.set_unit(amount.unit);
  record.set_unit_known(amount.unit_known);
  record.set_low(amount.low.text);
  record.set_high(amount.high.text);
  record.set_approximate(amount.approximate);
  record.set_bound(static_cast<int>(amount.bound));
  record.set_vague(amount.vague);
  record.set_anchor(static_cast<uint32_t>(amount.anchor + 1));
  for (const int linked : amount.linked) {
    record.add_linked(static_cast<uint32_t>(linked));
  }
  return record;
}

Amount FromRecord(const AmountRecord& record) {
  Amount amount;
  amount.kind = static_cast<AmountKind>(record.kind());
  amount.unit = record.unit();
  amount.unit_known = record.unit_known();
  amount.low = ToDecimal(record.low());
  amount.high = ToDecimal(record.high());
  amount.approximate = record.approximate();
  amount.bound = static_cast<AmountBound>(record.bound());
  amount.vague = record.vague();
  amount.anchor = static_cast<int>(record.anchor()) - 1;
  amount.linked.assign(record.linked().begin(), record.linked().end());
  return amount;
}

NoveltyKind NoveltyOf(const Sighting& sighting) {
  if (!sighting.evidence.known()) return NoveltyKind::kFirstEver;
  return sighting.previous.has_value() ? NoveltyKind::kChanged
                                       : NoveltyKind::kKnown;
}

SightingRecord ToRecord(const Sighting& sighting) {
  SightingRecord record;
  record.set_mention(static_cast<uint32_t>(sighting.mention));
  record.set_novelty(static_cast<int>(NoveltyOf(sighting)));
  record.set_first_seen_at(ToMicros(sighting.evidence.first_seen));
  record.set_last_seen_at(ToMicros(sighting.evidence.last_seen));
  record.set_article_count(sighting.evidence.article_count);
  record.set_source_count(sighting.evidence.source_count);
  if (sighting.previous.has_value()) {
    AmountRecord& previous = *record.mutable_previous();
    previous = ToRecord(*sighting.previous);
    previous.clear_anchor();
    previous.clear_linked();
  }
  record.set_anchor_article_count(sighting.anchor.article_count);
  record.set_anchor_first_seen_at(ToMicros(sighting.anchor.first_seen));
  record.set_anchor_last_seen_at(ToMicros(sighting.anchor.last_seen));
  record.set_anchor_source_count(sighting.anchor.source_count);
  return record;
}

Sighting FromRecord(const SightingRecord& record) {
  Sighting sighting;
  sighting.mention = static_cast<int>(record.mention());
  sighting.evidence = {FromMicros(record.first_seen_at()),
                       FromMicros(record.last_seen_at()),
                       record.article_count(), record.source_count()};
  sighting.anchor = {FromMicros(record.anchor_first_seen_at()),
                     FromMicros(record.anchor_last_seen_at()),
                     record.anchor_article_count(),
                     record.anchor_source_count()};
  if (record.has_previous()) sighting.previous = FromRecord(record.previous());
  return sighting;
}

AnalysisRecord ToRecord(const Analysis& analysis) {
  AnalysisRecord record;
  record.set_language(analysis.language);
  for (const Entity& entity : analysis.entities) {
    *record.add_entities() = ToRecord(entity);
    record.add_mention_counts(entity.mention_count);
  }
  for (const Amount& amount : analysis.amounts) {
    *record.add_amounts() = ToRecord(amount);
  }
  for (const Mention& mention : analysis.mentions) {
    const auto numbers = NumbersOf(mention);
    record.mutable_mentions()->Add(numbers.begin(), numbers.end());
  }
  record.mutable_words()->Add(analysis.words.begin(), analysis.words.end());
  record.set_simhash(analysis.simhash);
  record.set_word_count(analysis.word_count);
  return record;
}

absl::StatusOr<Analysis> FromRecord(const AnalysisRecord& record,
                                    absl::string_view headline,
                                    absl::string_view body) {
  Analysis analysis;
  analysis.language = record.language();
  for (int i = 0; i < record.entities_size(); ++i) {
    const EntityMentionRecord& stored = record.entities(i);
    Entity entity;
    entity.key = stored.key();
    entity.display_name = stored.display_name();
    entity.type = static_cast<EntityType>(stored.type());
    entity.listed = stored.listed();
    if (i < record.mention_counts_size()) {
      entity.mention_count = record.mention_counts(i);
    }
    analysis.entities.push_back(std::move(entity));
  }
  const int entity_count = record.entities_size();
  for (const AmountRecord& stored : record.amounts()) {
    Amount amount = FromRecord(stored);
    for (const int linked : amount.linked) {
      if (linked < 0 || linked >= entity_count) return Malformed("a bad link");
    }
    if (amount.anchor >= entity_count) return Malformed("a bad anchor");
    analysis.amounts.push_back(std::move(amount));
  }
  const size_t count =
      static_cast<size_t>(record.mentions_size()) / kNumbersPerMention;
  for (size_t i = 0; i < count; ++i) {
    TOCSIN_ASSIGN_OR_RETURN(const StoredSpan stored,
                            SpanAt(record, i, headline, body));
    Mention mention;
    mention.span = stored.span;
    mention.surface = std::string(TextOf(stored.span, headline, body));
    (stored.is_amount ? mention.amount : mention.entity) =
        static_cast<int>(stored.index);
    mention.sentence_begin = stored.sentence_begin;
    mention.sentence_end = stored.sentence_end;
    analysis.mentions.push_back(std::move(mention));
  }
  analysis.words.assign(record.words().begin(), record.words().end());
  analysis.simhash = record.simhash();
  analysis.word_count = record.word_count();
  return analysis;
}

absl::StatusOr<Analysis> AnalysisWithoutText(const MentionList& list) {
  Analysis analysis;
  const int entity_count = list.entities_size();
  analysis.entities.resize(static_cast<size_t>(entity_count));
  for (int i = 0; i < std::min(entity_count, list.types_size()); ++i) {
    analysis.entities[static_cast<size_t>(i)].type =
        static_cast<EntityType>(list.types(i));
  }
  analysis.amounts.reserve(static_cast<size_t>(list.amounts_size()));
  for (const AmountRecord& stored : list.amounts()) {
    if (stored.anchor() > static_cast<uint32_t>(entity_count)) {
      return Malformed("a bad anchor");
    }
    analysis.amounts.push_back(FromRecord(stored));
  }
  const size_t count = MentionCount(list);
  analysis.mentions.resize(count);
  for (size_t i = 0; i < count; ++i) {
    TOCSIN_ASSIGN_OR_RETURN(const StoredSpan stored, UncheckedSpanAt(list, i));
    Mention& mention = analysis.mentions[i];
    mention.span = stored.span;
    (stored.is_amount ? mention.amount : mention.entity) =
        static_cast<int>(stored.index);
    mention.sentence_begin = stored.sentence_begin;
    mention.sentence_end = stored.sentence_end;
  }
  return analysis;
}

absl::Status FillSurfaces(absl::string_view headline, absl::string_view body,
                          Analysis& analysis) {
  for (Mention& mention : analysis.mentions) {
    TOCSIN_RETURN_IF_ERROR(
        CheckBounds(mention.span, mention.sentence_end, headline, body));
    mention.surface = std::string(TextOf(mention.span, headline, body));
  }
  return absl::OkStatus();
}

size_t MentionCount(const MentionList& list) {
  return static_cast<size_t>(list.mentions_size()) / kNumbersPerMention;
}

uint64_t EntityNumberAt(const MentionList& list, size_t index) {
  const uint32_t* numbers = list.mentions().data() + index * kNumbersPerMention;
  const auto entity = static_cast<int>(numbers[3]);
  if (numbers[0] % 2 == 1 || entity >= list.entities_size()) return 0;
  return list.entities(entity);
}

absl::StatusOr<MentionWithPassage> MentionAt(const MentionList& list,
                                             size_t index,
                                             absl::string_view headline,
                                             absl::string_view body) {
  TOCSIN_ASSIGN_OR_RETURN(const StoredSpan stored,
                          SpanAt(list, index, headline, body));
  MentionWithPassage out;
  MentionRecord& mention = out.mention;
  mention.set_field(static_cast<uint32_t>(stored.span.field));
  mention.set_begin(stored.span.begin);
  mention.set_end(stored.span.end);
  const absl::string_view surface = TextOf(stored.span, headline, body);
  mention.set_surface(surface.data(), surface.size());
  const int i = static_cast<int>(stored.index);
  if (stored.is_amount) {
    AmountRecord& amount = *mention.mutable_amount();
    amount = list.amounts(i);
    const int anchor = static_cast<int>(amount.anchor()) - 1;
    if (anchor >= list.entities_size()) return Malformed("a bad anchor");
    if (anchor >= 0) amount.set_anchor_number(list.entities(anchor));
  } else {
    mention.mutable_entity()->set_number(list.entities(i));
    if (i < list.types_size()) {
      mention.mutable_entity()->set_type(static_cast<int>(list.types(i)));
    }
  }
  out.passage =
      CutPassage(stored.span.field == Field::kHeadline ? headline : body,
                 stored.sentence_begin, stored.sentence_end, stored.span.begin,
                 stored.span.end);
  return out;
}

}  // namespace tocsin
