// Alerts, mentions and passages for people.
#ifndef TOCSIN_CLI_ALERT_TEXT_H_
#define TOCSIN_CLI_ALERT_TEXT_H_

#include <string>
#include <vector>

#include "cli/terminal.h"
#include "tocsin/v1/alert.pb.h"
#include "tocsin/v1/mention.pb.h"

namespace tocsin::cli {

// "person", "organization"; "" for none.
std::string TypeText(v1::Entity::Type type);

// The entity's display name, or the amount in full.
std::string MentionText(const v1::Mention& mention);

// The passage on one line with its mention marked.
std::string PassageText(const v1::Passage& passage, const Terminal& out);

// What was known before: "never seen before", "was USD 300 bn".
std::string NoveltyText(const v1::Alert& alert);

// An alert with its article, for `watch`.
std::string AlertText(const v1::Alert& alert, const Terminal& out);

// Alerts under the article that they are of, for `alerts`. All of one article.
std::string ArticleAlertsText(const std::vector<v1::Alert>& alerts,
                              const Terminal& out);

}  // namespace tocsin::cli

#endif  // TOCSIN_CLI_ALERT_TEXT_H_
