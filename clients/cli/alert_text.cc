#include "cli/alert_text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/amount_text.h"
#include "cli/resource_name.h"
#include "cli/text.h"
#include "cli/time_text.h"

namespace tocsin::cli {
namespace {

constexpr int kIndent = 4;
constexpr int kUrgent = 3;  // This urgency and those above it stand out.

// "ew/001 (nl)  2025-02-19 10:24"
std::string ArticleLine(const v1::Alert& alert, const Terminal& out) {
  std::string line = out.Bold(Printable(ShortArticleName(alert.article())));
  if (!alert.language().empty()) {
    absl::StrAppend(&line, " (", Printable(alert.language()), ")");
  }
  const std::string time = TimeText(alert.event_time());
  if (!time.empty()) absl::StrAppend(&line, "  ", time);
  if (alert.revision() > 1) {
    absl::StrAppend(&line, "  revision ", alert.revision());
  }
  return line;
}

// What rang: "DeepSeek, organization", "USD 500,000,000,000 for Stargate".
std::string SubjectText(const v1::Alert& alert, const Terminal& out) {
  if (!alert.alert_headline().empty()) {
    return out.Bold(Printable(alert.alert_headline()));
  }
  const v1::Mention& mention = alert.mention();
  if (mention.has_entity()) {
    const std::string type = TypeText(mention.entity().type());
    return absl::StrCat(out.Bold(MentionText(mention)),
                        type.empty() ? "" : absl::StrCat(", ", type));
  }
  if (mention.has_amount()) {
    std::string text = out.Bold(MentionText(mention));
    const std::string anchor = Printable(alert.anchor().display_name());
    if (!anchor.empty()) absl::StrAppend(&text, " for ", out.Bold(anchor));
    return text;
  }
  return out.Bold(Printable(alert.headline()));
}

std::string UrgencyText(const v1::Alert& alert, const Terminal& out) {
  const std::string text = absl::StrCat("urgency ", alert.urgency());
  return alert.urgency() <= kUrgent ? out.Urgent(text) : text;
}

std::string RuleLine(const v1::Alert& alert, const Terminal& out) {
  std::string line =
      absl::StrCat(Printable(ShortRuleName(alert.rule())), ", ",
                   UrgencyText(alert, out), "; ", NoveltyText(alert));
  if (alert.confirmed_by_size() > 0) {
    std::vector<std::string> by;
    for (const std::string& name : alert.confirmed_by()) {
      by.push_back(Printable(ShortArticleName(name)));
    }
    absl::StrAppend(&line, "; confirmed by ", absl::StrJoin(by, ", "));
  }
  return line;
}

// Passage and rule, below what rang.
std::string Details(const v1::Alert& alert, const Terminal& out, int indent) {
  std::string text;
  if (!alert.passage().text().empty()) {
    absl::StrAppend(&text, Indented(PassageText(alert.passage(), out), indent,
                                    out.width()));
  }
  absl::StrAppend(&text, Indented(RuleLine(alert, out), indent, out.width()));
  return text;
}

// "in 12 articles by 3 sources"
std::string Extent(const v1::Novelty& novelty) {
  std::string text = absl::StrCat(
      "in ", Counted(novelty.article_count(), "article", "articles"));
  if (novelty.source_count() > 0) {
    absl::StrAppend(&text, " by ",
                    Counted(novelty.source_count(), "source", "sources"));
  }
  return text;
}

}  // namespace

std::string TypeText(v1::Entity::Type type) {
  if (type == v1::Entity::TYPE_UNSPECIFIED) return "";
  return absl::AsciiStrToLower(v1::Entity::Type_Name(type));
}

std::string MentionText(const v1::Mention& mention) {
  if (mention.has_entity()) return Printable(mention.entity().display_name());
  if (mention.has_amount()) return AmountText(mention.amount());
  return Printable(mention.surface());
}

std::string PassageText(const v1::Passage& passage, const Terminal& out) {
  const absl::string_view text = passage.text();
  const size_t begin = std::min<size_t>(passage.begin(), text.size());
  const size_t end = std::clamp<size_t>(passage.end(), begin, text.size());
  const std::string marked = Printable(text.substr(begin, end - begin));
  return absl::StrCat(Printable(text.substr(0, begin)),
                      marked.empty() ? "" : out.Mark(marked),
                      Printable(text.substr(end)));
}

std::string NoveltyText(const v1::Alert& alert) {
  const v1::Novelty& novelty = alert.novelty();
  switch (novelty.kind()) {
    case v1::Novelty::FIRST_EVER: {
      std::string text = "never seen before";
      const std::string anchor = Printable(alert.anchor().display_name());
      if (alert.mention().has_amount() && !anchor.empty()) {
        absl::StrAppend(
            &text, "; ", anchor,
            novelty.anchor_article_count() == 0
                ? std::string(" is new too")
                : absl::StrCat(" was in ",
                               Counted(novelty.anchor_article_count(),
                                       "article", "articles")));
      }
      if (novelty.has_previous()) {
        absl::StrAppend(&text, ", last with ",
                        ShortAmountText(novelty.previous()));
      }
      return text;
    }
    case v1::Novelty::RESURFACED:
      return absl::StrCat("last seen ", TimeText(novelty.last_seen_at()), ", ",
                          Extent(novelty));
    case v1::Novelty::CHANGED:
      return absl::StrCat("was ", ShortAmountText(novelty.previous()));
    default:
      if (novelty.article_count() == 0) return "known";
      return absl::StrCat("known since ", TimeText(novelty.first_seen_at()),
                          ", ", Extent(novelty));
  }
}

std::string AlertText(const v1::Alert& alert, const Terminal& out) {
  std::string text = absl::StrCat(SubjectText(alert, out), "\n");
  absl::StrAppend(&text, Details(alert, out, kIndent));
  absl::StrAppend(&text, Indented(absl::StrCat(ArticleLine(alert, out), "  ",
                                               Printable(alert.headline())),
                                  kIndent, out.width()));
  return text;
}

std::string ArticleAlertsText(const std::vector<v1::Alert>& alerts,
                              const Terminal& out) {
  if (alerts.empty()) return "";
  std::string text = absl::StrCat(ArticleLine(alerts[0], out), "\n");
  if (!alerts[0].headline().empty()) {
    absl::StrAppend(&text,
                    Indented(Printable(alerts[0].headline()), 0, out.width()));
  }
  for (const v1::Alert& alert : alerts) {
    absl::StrAppend(&text, Indented(SubjectText(alert, out), 2, out.width()),
                    Details(alert, out, 2 + kIndent));
  }
  return text;
}

}  // namespace tocsin::cli
