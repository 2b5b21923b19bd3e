#include "rules/headline.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "filter/error.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

// What a template may name, and how it is shown.
struct Shown {
  const ArticleFacts& article;
  const Mention* mention = nullptr;
  const Entity* entity = nullptr;  // Or the amount's anchor.
  const Amount* amount = nullptr;
};

// Without an exponent, thousands apart: 1,500,000.5.
std::string Grouped(const Decimal& decimal) {
  const size_t point = std::min(decimal.text.find('.'), decimal.text.size());
  std::string out;
  for (size_t i = 0; i < point; ++i) {
    const bool digit_before = i > 0 && decimal.text[i - 1] != '-';
    if (digit_before && (point - i) % 3 == 0) out.push_back(',');
    out.push_back(decimal.text[i]);
  }
  return out + decimal.text.substr(point);
}

std::string ValueOf(const Amount& amount) {
  if (amount.low.text == amount.high.text) return Grouped(amount.low);
  return absl::StrCat(Grouped(amount.low), " to ", Grouped(amount.high));
}

struct FieldOf {
  absl::string_view name;
  std::string (*show)(const Shown&);
};

const FieldOf kFields[] = {
    {"article.source",
     [](const Shown& s) { return std::string(s.article.source); }},
    {"article.id", [](const Shown& s) { return std::string(s.article.id); }},
    {"article.uri", [](const Shown& s) { return std::string(s.article.uri); }},
    {"article.language",
     [](const Shown& s) { return std::string(s.article.language); }},
    {"article.headline",
     [](const Shown& s) { return std::string(s.article.headline); }},
    {"article.byline",
     [](const Shown& s) { return std::string(s.article.byline); }},
    {"entity.name",
     [](const Shown& s) {
       return s.entity == nullptr ? ""
                                  : absl::StrCat("entities/", s.entity->key);
     }},
    {"entity.display_name",
     [](const Shown& s) {
       return s.entity == nullptr ? "" : s.entity->display_name;
     }},
    {"amount.value",
     [](const Shown& s) {
       return s.amount == nullptr ? "" : ValueOf(*s.amount);
     }},
    {"amount.low",
     [](const Shown& s) {
       return s.amount == nullptr ? "" : Grouped(s.amount->low);
     }},
    {"amount.high",
     [](const Shown& s) {
       return s.amount == nullptr ? "" : Grouped(s.amount->high);
     }},
    {"amount.unit",
     [](const Shown& s) { return s.amount == nullptr ? "" : s.amount->unit; }},
    {"mention.surface",
     [](const Shown& s) {
       return s.mention == nullptr ? "" : s.mention->surface;
     }},
};

const FieldOf* FindShown(absl::string_view name) {
  const auto at =
      std::find_if(std::begin(kFields), std::end(kFields),
                   [&](const FieldOf& field) { return field.name == name; });
  return at == std::end(kFields) ? nullptr : &*at;
}

// Calls text(literal) and field(name, offset) for the parts, in order. False if
// a brace is not closed; `bad` is where.
template <typename OnText, typename OnField>
bool Walk(absl::string_view all, const OnText& text, const OnField& field,
          size_t& bad) {
  for (size_t at = 0; at < all.size();) {
    const size_t brace = std::min(all.find_first_of("{}", at), all.size());
    text(all.substr(at, brace - at));
    if (brace == all.size()) return true;
    if (brace + 1 < all.size() && all[brace + 1] == all[brace]) {
      text(all.substr(brace, 1));
      at = brace + 2;
      continue;
    }
    const size_t close = all.find('}', brace);
    bad = brace;
    if (all[brace] == '}' || close == absl::string_view::npos) return false;
    field(all.substr(brace + 1, close - brace - 1), brace + 1);
    at = close + 1;
  }
  return true;
}

}  // namespace

absl::Status CheckHeadlineTemplate(absl::string_view headline_template) {
  size_t bad = 0;
  absl::Status status;
  const bool closed = Walk(
      headline_template, [](absl::string_view) {},
      [&](absl::string_view name, size_t offset) {
        if (!status.ok() || FindShown(name) != nullptr) return;
        std::vector<absl::string_view> names;
        for (const FieldOf& field : kFields) names.push_back(field.name);
        status = FilterError(headline_template, offset,
                             absl::StrCat("unknown field `", name, "`",
                                          DidYouMean(name, names)));
      },
      bad);
  if (!closed)
    status = FilterError(
        headline_template, bad,
        "this brace has no other; write {{ or }} for a brace itself");
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat("headline_template: ", status.message()));
}

std::string RenderHeadline(const Rule& rule, const ArticleFacts& article,
                           const Sighting* sighting) {
  Shown shown{article};
  if (sighting != nullptr && article.analysis != nullptr) {
    const Analysis& analysis = *article.analysis;
    shown.mention = &analysis.mentions[sighting->mention];
    int entity = shown.mention->entity;
    if (shown.mention->amount >= 0) {
      shown.amount = &analysis.amounts[shown.mention->amount];
      entity = shown.amount->anchor;
    }
    if (entity >= 0) shown.entity = &analysis.entities[entity];
  }
  std::string headline;
  size_t bad = 0;
  Walk(
      rule.headline_template,
      [&](absl::string_view text) { absl::StrAppend(&headline, text); },
      [&](absl::string_view name, size_t) {
        const FieldOf* const field = FindShown(name);
        if (field != nullptr) headline += field->show(shown);
      },
      bad);
  return std::string(TruncateUtf8(headline, kMaxAlertHeadlineBytes));
}

}  // namespace tocsin
