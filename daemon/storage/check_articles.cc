// Articles and what hangs on their commit number.
#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "storage/analysis_record.h"
#include "storage/check_context.h"
#include "storage/content_hash.h"
#include "storage/high_water.h"

namespace tocsin {
namespace {

std::optional<uint64_t> NumberOf(absl::string_view key) {
  return key.size() == 8 ? TakeNumber(key) : std::nullopt;
}

// The article of a row that hangs on it; nullopt, and a finding, if there is
// none.
std::optional<ArticleRecord> ArticleOf(CheckContext& context, Family family,
                                       absl::string_view key) {
  const std::optional<ArticleRecord> article =
      context.Load<ArticleRecord>(Family::kArticles, key);
  if (!article.has_value()) {
    context.Found(family, key, "belongs to no article");
  }
  return article;
}

void CheckEntitiesExist(
    CheckContext& context, Family family, absl::string_view key,
    const google::protobuf::RepeatedField<uint64_t>& entities) {
  for (const uint64_t entity : entities) {
    if (!context.Exists(Family::kEntities, NumberKey(entity))) {
      context.Found(
          family, key,
          absl::StrCat("names entity ", entity, ", which is missing"));
    }
  }
}

}  // namespace

void CheckHead(CheckContext& context, absl::string_view key,
               absl::string_view value) {
  ArticleHead head;
  if (!Parse(context, Family::kHeads, key, value, head)) return;
  if (head.commits_size() == 0 ||
      head.commits_size() != head.content_hashes_size() ||
      head.current_revision() < 1 ||
      head.current_revision() > head.commits_size()) {
    return context.Found(Family::kHeads, key, "its revisions do not add up");
  }
  for (int i = 0; i < head.commits_size(); ++i) {
    const uint64_t commit = head.commits(i);
    if (!context.IsKept(commit)) continue;
    const auto article =
        context.Load<ArticleRecord>(Family::kArticles, NumberKey(commit));
    if (!article.has_value() ||
        HeadKey(article->source(), article->id()) != key ||
        article->revision() != i + 1 ||
        article->content_hash() != head.content_hashes(i)) {
      context.Found(Family::kHeads, key,
                    absl::StrCat("revision ", i + 1,
                                 " is not the article of "
                                 "commit ",
                                 commit));
    }
  }
}

void CheckArticle(CheckContext& context, absl::string_view key,
                  absl::string_view value) {
  ArticleRecord article;
  const std::optional<uint64_t> commit = NumberOf(key);
  if (!commit.has_value()) {
    return context.Found(Family::kArticles, key, "is no commit number");
  }
  const uint64_t expected =
      std::max(context.last_commit + 1, context.state.oldest_commit());
  if (*commit != expected && context.IsKept(*commit)) {
    context.Found(Family::kArticles, key,
                  absl::StrCat("follows a gap from ", expected));
  }
  context.last_commit = *commit;
  if (!Parse(context, Family::kArticles, key, value, article)) return;
  context.chain = NextChain(context.chain, article);

  const auto head = context.Load<ArticleHead>(
      Family::kHeads, HeadKey(article.source(), article.id()));
  const int index = article.revision() - 1;
  if (!head.has_value() || index < 0 || index >= head->commits_size() ||
      head->commits(index) != *commit ||
      head->commits(0) != article.article_number()) {
    context.Found(Family::kArticles, key, "is not in its article's head");
  }
  const auto body = context.Get(Family::kBodies, key);
  if (!body.has_value()) {
    context.Found(Family::kArticles, key, "has no body");
  } else if (ContentHash(article.headline(), *body) != article.content_hash()) {
    context.Found(Family::kArticles, key, "has another text than it came with");
  }
  const bool waits = context.Exists(
      Family::kEmbargoes, EmbargoKey(article.embargo_until(), *commit));
  const bool admitted = context.Exists(Family::kMentions, key);
  if (waits != article.embargoed() || admitted == article.embargoed()) {
    context.Found(Family::kArticles, key,
                  article.embargoed() ? "is under embargo and does not wait"
                                      : "has no mentions");
  }
}

void CheckBody(CheckContext& context, absl::string_view key,
               absl::string_view /*value*/) {
  ArticleOf(context, Family::kBodies, key);
}

void CheckMentions(CheckContext& context, absl::string_view key,
                   absl::string_view value) {
  MentionList list;
  if (!Parse(context, Family::kMentions, key, value, list)) return;
  const auto article = ArticleOf(context, Family::kMentions, key);
  const auto body = context.Get(Family::kBodies, key);
  if (!article.has_value() || !body.has_value()) return;
  if (list.mentions_size() % 6 != 0 ||
      list.types_size() != list.entities_size()) {
    return context.Found(Family::kMentions, key, "its mentions do not add up");
  }
  for (size_t i = 0; i < MentionCount(list); ++i) {
    const auto mention = MentionAt(list, i, article->headline(), *body);
    if (!mention.ok()) {
      return context.Found(
          Family::kMentions, key,
          absl::StrCat("mention ", i, " does not fit the text"));
    }
  }
  for (const SightingRecord& sighting : list.sightings()) {
    if (sighting.mention() >= MentionCount(list)) {
      context.Found(Family::kMentions, key,
                    "judges a mention it does not have");
    }
  }
  CheckEntitiesExist(context, Family::kMentions, key, list.entities());
  // A later revision counts only what earlier ones did not mention.
  const uint64_t commit = *NumberOf(key);
  if (article->revision() > 1 ||
      commit < context.state.oldest_sighting_commit()) {
    return;
  }
  for (const uint64_t entity : list.entities()) {
    if (!context.Exists(Family::kSightings, SightingKey(entity, commit))) {
      context.Found(Family::kMentions, key,
                    absl::StrCat("mentions entity ", entity,
                                 ", which has no sighting of it"));
    }
  }
}

void CheckCoverage(CheckContext& context, absl::string_view key,
                   absl::string_view value) {
  CoverageRecord coverage;
  if (!Parse(context, Family::kCoverage, key, value, coverage)) return;
  const std::optional<uint64_t> number = NumberOf(key);
  if (number.has_value() && context.IsKept(*number)) {
    ArticleOf(context, Family::kCoverage, key);
  }
  CheckEntitiesExist(context, Family::kCoverage, key, coverage.entities());
}

void CheckNear(CheckContext& context, absl::string_view key,
               absl::string_view value) {
  NearRecord near;
  if (!Parse(context, Family::kNear, key, value, near)) return;
  const std::optional<uint64_t> commit = NumberOf(key);
  if (commit.has_value() && !context.IsKept(*commit)) return;
  const auto article = ArticleOf(context, Family::kNear, key);
  if (!article.has_value()) return;
  const uint64_t original = article->near_copy_of() != 0
                                ? article->near_copy_of()
                                : article->article_number();
  if (near.original() != original) {
    context.Found(Family::kNear, key,
                  absl::StrCat("has the original ", near.original(),
                               ", its article ", original));
  }
}

void CheckEmbargo(CheckContext& context, absl::string_view key,
                  absl::string_view value) {
  const auto parts = ParseEmbargoKey(key);
  EmbargoRecord embargo;
  if (!parts.has_value() ||
      !Parse(context, Family::kEmbargoes, key, value, embargo)) {
    return context.Found(Family::kEmbargoes, key, "cannot be read");
  }
  const auto article =
      context.Load<ArticleRecord>(Family::kArticles, NumberKey(parts->commit));
  if (!article.has_value() || !article->embargoed() ||
      article->embargo_until() != parts->until_micros) {
    context.Found(Family::kEmbargoes, key,
                  absl::StrCat("holds back commit ", parts->commit,
                               ", which is not under this embargo"));
    return;
  }
  const auto body = context.Get(Family::kBodies, NumberKey(parts->commit));
  if (body.has_value() &&
      !FromRecord(embargo.analysis(), article->headline(), *body).ok()) {
    context.Found(Family::kEmbargoes, key,
                  "its analysis does not fit the text");
  }
}

}  // namespace tocsin
