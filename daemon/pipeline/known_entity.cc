#include "pipeline/known_entity.h"

#include <xxhash.h>

#include <algorithm>
#include <vector>

#include "storage/schema.h"

namespace tocsin {
namespace {

uint64_t FormHash(absl::string_view text, absl::string_view language) {
  return XXH3_64bits_withSeed(text.data(), text.size(),
                              XXH3_64bits(language.data(), language.size()));
}

}  // namespace

std::unique_ptr<KnownEntity> KnownEntity::New(uint64_t number,
                                              const Entity& entity,
                                              uint64_t commit) {
  EntityRecord record;
  record.set_number(number);
  record.set_key(entity.key);
  record.set_display_name(entity.display_name);
  record.set_listed(entity.listed);
  record.set_first_commit(commit);
  return FromRecord(record);
}

std::unique_ptr<KnownEntity> KnownEntity::FromRecord(
    const EntityRecord& record) {
  auto entity = std::make_unique<KnownEntity>();
  entity->SetRecord(record);
  return entity;
}

std::unique_ptr<KnownEntity> KnownEntity::Parse(std::string record,
                                                absl::string_view counters) {
  EntityRecord parsed;
  EntityCounters counted;
  if (!parsed.ParseFromString(record) ||
      !counted.ParseFromArray(counters.data(),
                              static_cast<int>(counters.size()))) {
    return nullptr;
  }
  auto entity = std::make_unique<KnownEntity>();
  entity->SetRecord(parsed);
  entity->record_ = std::move(record);  // As it stands, to be added to.
  entity->counters_ = {counted.first_seen_at(), counted.last_seen_at(),
                       counted.article_count()};
  entity->type_votes_.assign(counted.type_votes().begin(),
                             counted.type_votes().end());
  const int count = std::min(counted.form_counts_size(), parsed.forms_size());
  for (int i = 0; i < count; ++i) {
    entity->forms_[static_cast<size_t>(i)].count = counted.form_counts(i);
  }
  return entity;
}

void KnownEntity::SetRecord(const EntityRecord& record) {
  number_ = record.number();
  merged_into_ = record.merged_into();
  key_ = record.key();
  display_name_ = record.display_name();
  listed_ = record.listed();
  sources_.clear();
  for (const std::string& source : record.sources()) {
    sources_.push_back(SourceHash(source));
  }
  forms_.clear();
  for (const auto& form : record.forms()) {
    forms_.push_back(Form{FormHash(form.text(), form.language()), 0});
  }
  record.SerializeToString(&record_);
}

EntityRecord KnownEntity::record() const {
  EntityRecord record;
  (void)record.ParseFromString(record_);  // It was made here, or checked.
  return record;
}

void KnownEntity::AppendCountersRow(std::string& row) const {
  absl::InlinedVector<int32_t, 16> counts;
  for (const Form& form : forms_) counts.push_back(form.count);
  AppendEntityCounters(counters_, type_votes_, counts, row);
}

Evidence KnownEntity::evidence() const {
  Evidence evidence;
  evidence.first_seen = FromMicros(counters_.first_seen_at);
  evidence.last_seen = FromMicros(counters_.last_seen_at);
  evidence.article_count = counters_.article_count;
  evidence.source_count = static_cast<int>(sources_.size());
  return evidence;
}

bool KnownEntity::Count(EntityType type, int64_t event_time,
                        absl::string_view source, uint32_t source_hash) {
  const bool first = counters_.article_count == 0;
  counters_.first_seen_at =
      first ? event_time : std::min(counters_.first_seen_at, event_time);
  counters_.last_seen_at =
      first ? event_time : std::max(counters_.last_seen_at, event_time);
  ++counters_.article_count;
  const auto vote = static_cast<size_t>(type);
  if (type_votes_.size() <= vote) type_votes_.resize(vote + 1);
  ++type_votes_[vote];
  if (!AddSource(source_hash, sources_)) return false;
  AppendEntitySource(source, record_);
  return true;
}

bool KnownEntity::CountForm(absl::string_view surface,
                            absl::string_view language) {
  const uint64_t hash = FormHash(surface, language);
  for (Form& form : forms_) {
    if (form.hash == hash) {
      ++form.count;
      return false;
    }
  }
  if (forms_.size() >= kMaxForms) return false;
  forms_.push_back(Form{hash, 1});
  AppendEntityForm(language, surface, record_);
  return true;
}

void KnownEntity::Absorb(KnownEntity& from) {
  counters_.first_seen_at =
      std::min(counters_.first_seen_at, from.counters_.first_seen_at);
  counters_.last_seen_at =
      std::max(counters_.last_seen_at, from.counters_.last_seen_at);
  counters_.article_count += from.counters_.article_count;
  if (type_votes_.size() < from.type_votes_.size()) {
    type_votes_.resize(from.type_votes_.size());
  }
  for (size_t i = 0; i < from.type_votes_.size(); ++i) {
    type_votes_[i] += from.type_votes_[i];
  }

  EntityRecord part = from.record();
  for (int i = 0; i < part.forms_size(); ++i) {
    const auto& form = part.forms(i);
    CountForm(form.text(), form.language());
    const Form& counted = from.forms_[static_cast<size_t>(i)];
    for (Form& own : forms_) {
      if (own.hash == counted.hash) own.count += counted.count - 1;
    }
  }
  for (const std::string& source : part.sources()) {
    if (AddSource(SourceHash(source), sources_)) {
      AppendEntitySource(source, record_);
    }
  }
  EntityRecord whole = record();
  whole.set_first_commit(std::min(whole.first_commit(), part.first_commit()));
  whole.add_merged_from(from.number());
  for (const uint64_t earlier : part.merged_from()) {
    whole.add_merged_from(earlier);
  }
  whole.SerializeToString(&record_);
  part.set_merged_into(number_);
  part.SerializeToString(&from.record_);
  from.merged_into_ = number_;
}

}  // namespace tocsin
