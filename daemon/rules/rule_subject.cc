#include "rules/rule_subject.h"

namespace tocsin {

Subject SubjectOfArticle(const ArticleFacts& article, const ArticleWords& words,
                         const Scans* scans) {
  Subject subject;
  subject.source = article.source;
  subject.id = article.id;
  subject.uri = article.uri;
  subject.language = article.language;
  subject.headline = article.headline;
  subject.byline = article.byline;
  subject.article_urgency = article.urgency;
  subject.revision = article.revision;
  subject.event_time = article.event_time;
  subject.analysis = article.analysis;
  subject.words = &words;
  subject.scans = scans;
  return subject;
}

// Adds what `sighting` is of; kArticle if it is of nothing.
FilterAbout SetSighting(const Analysis& analysis, const Sighting& sighting,
                        Subject& subject) {
  subject.entity.reset();
  subject.amount.reset();
  const Mention& mention = analysis.mentions[sighting.mention];
  if (mention.entity >= 0) {
    subject.entity =
        ViewOf(analysis.entities[mention.entity], sighting.evidence);
    return FilterAbout::kEntity;
  }
  if (mention.amount < 0) return FilterAbout::kArticle;
  const Amount& amount = analysis.amounts[mention.amount];
  subject.amount =
      ViewOf(amount, sighting.evidence, sighting.previous.has_value());
  if (amount.anchor >= 0)
    subject.entity = ViewOf(analysis.entities[amount.anchor], sighting.anchor);
  return FilterAbout::kAmount;
}

}  // namespace tocsin
