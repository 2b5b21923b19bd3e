// Stored records as filters see them. Views: valid as long as the record.
#ifndef TOCSIN_SERVICE_SUBJECT_VIEW_H_
#define TOCSIN_SERVICE_SUBJECT_VIEW_H_

#include "filter/subject.h"
#include "storage/records.h"
#include "storage/snapshot.h"

namespace tocsin {

EntityView ViewOf(const EntityMentionRecord& record, const Evidence& evidence);
AmountView ViewOf(const AmountRecord& record, const Evidence& evidence,
                  bool changed);
EntityView ViewOf(const StoredEntity& entity);

// Subject of the places kArticle, kEntity and kMention.
Subject SubjectOf(const ArticleRecord& article);
Subject SubjectOf(const StoredEntity& entity);
Subject SubjectOf(const StoredMention& mention);

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_SUBJECT_VIEW_H_
