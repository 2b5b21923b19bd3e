// What a filter is asked about: one plain struct of views for every place of
// use, of which each fills what it has. What is not filled is absent: no
// comparison with it holds.
#ifndef TOCSIN_FILTER_SUBJECT_H_
#define TOCSIN_FILTER_SUBJECT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "detect/mention.h"
#include "filter/sighting.h"

namespace tocsin {

class ArticleWords;  // filter/article_words.h

// Numbers as in tocsin.v1.Novelty.Kind.
enum class NoveltyKind : uint8_t {
  kUnspecified = 0,
  kFirstEver = 1,
  kResurfaced = 2,
  kChanged = 3,
  kKnown = 4,
};

struct EntityView {
  absl::string_view key;  // Without `entities/`.
  absl::string_view display_name;
  EntityType type = EntityType::kUnspecified;
  bool listed = false;
  Evidence evidence;  // In a list of entities: as of now.
};

struct AmountView {
  AmountKind kind = AmountKind::kUnspecified;
  absl::string_view unit;
  double low = 0;
  double high = 0;
  bool approximate = false;
  AmountBound bound = AmountBound::kNone;
  bool vague = false;
  bool changed = false;  // The anchor had another latest value.
  Evidence evidence;
};

// Looks into the archive as it was before the commit at hand, at most 1,000
// entries deep. A missing function counts nothing.
struct Scans {
  // How many sources mentioned the entity, or how many articles did, with an
  // event time in (end - window, end].
  std::function<int64_t(absl::string_view entity_key, absl::Time end,
                        absl::Duration window)>
      sources;
  std::function<int64_t(absl::string_view entity_key, absl::Time end,
                        absl::Duration window)>
      mentions;
};

// Views; valid for the call it is passed to.
struct Subject {
  // The article. Alerts carry no id of their own: article_id is the {article}
  // of the resource name.
  absl::string_view source;
  absl::string_view id;
  absl::string_view uri;
  absl::string_view language;
  absl::string_view headline;
  absl::string_view byline;
  int article_urgency = 0;
  int revision = 0;
  absl::Time event_time;
  const Analysis* analysis = nullptr;   // Rules only: entities and words.
  const ArticleWords* words = nullptr;  // Rules only; made once an article.

  // The entity that it is about, or the anchor of the amount that it is about.
  std::optional<EntityView> entity;
  // The amount that it is about.
  std::optional<AmountView> amount;

  // Alerts only.
  absl::string_view rule;  // With or without `rules/`.
  int urgency = 0;
  NoveltyKind novelty = NoveltyKind::kUnspecified;
  absl::Span<const std::pair<absl::string_view, absl::string_view>> labels;

  const Scans* scans = nullptr;  // Not owned; may be null.
};

EntityView ViewOf(const Entity& entity, const Evidence& evidence = {});
AmountView ViewOf(const Amount& amount, const Evidence& evidence = {},
                  bool changed = false);

}  // namespace tocsin

#endif  // TOCSIN_FILTER_SUBJECT_H_
