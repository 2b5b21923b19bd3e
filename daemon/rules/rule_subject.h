// Articles and sightings as the filters of rules are asked about them.
#ifndef TOCSIN_RULES_RULE_SUBJECT_H_
#define TOCSIN_RULES_RULE_SUBJECT_H_

#include "filter/article_words.h"
#include "filter/filter.h"
#include "filter/sighting.h"
#include "filter/subject.h"

namespace tocsin {

// Views everything that it is given. `scans` may be null.
Subject SubjectOfArticle(const ArticleFacts& article, const ArticleWords& words,
                         const Scans* scans);

// Adds what `sighting` is of; kArticle if it is of nothing.
FilterAbout SetSighting(const Analysis& analysis, const Sighting& sighting,
                        Subject& subject);

}  // namespace tocsin

#endif  // TOCSIN_RULES_RULE_SUBJECT_H_
