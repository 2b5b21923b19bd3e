#include "service/archive_queries.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "service/compile_filter.h"
#include "service/convert_stored.h"
#include "service/page.h"
#include "service/status_conversion.h"
#include "service/subject_view.h"
#include "storage/resource_name.h"

namespace tocsin {
namespace {

constexpr absl::string_view kEntityPrefix = "entities/";
constexpr size_t kMaxNameBytes = 512;
constexpr size_t kMaxAmounts = 200;

// Rows read from the store at once, where a filter drops some of them.
constexpr size_t kBlock = 512;

bool Passes(const std::shared_ptr<const Filter>& filter,
            const Subject& subject) {
  return filter == nullptr || filter->Matches(subject);
}

// Counts what a request looked at, so that no filter makes one endless.
class PageBudget {
 public:
  PageBudget(size_t page_size, bool filtered)
      : page_size_(page_size), filtered_(filtered) {}

  size_t block() const { return filtered_ ? kBlock : page_size_; }
  void LookedAt() { ++looked_at_; }
  bool Spent(int on_page) const {
    return static_cast<size_t>(on_page) >= page_size_ ||
           looked_at_ >= kMaxRowsPerPage;
  }

 private:
  const size_t page_size_;
  const bool filtered_;
  size_t looked_at_ = 0;
};

absl::StatusOr<ArticleIdentity> ArticleOf(absl::string_view field,
                                          absl::string_view name) {
  std::optional<ArticleIdentity> identity = ParseArticleName(name);
  if (!identity.has_value()) {
    return FieldError(field,
                      absl::StrCat("'", name, "' is not of the form ",
                                   "sources/{source}/articles/{article}"));
  }
  return *std::move(identity);
}

absl::StatusOr<v1::ListMentionsResponse> MentionsOfArticle(
    const Snapshot& snapshot, const v1::ListMentionsRequest& request,
    const std::shared_ptr<const Filter>& filter, size_t page_size,
    const PageStart& start, const std::string& key) {
  TOCSIN_ASSIGN_OR_RETURN(const ArticleIdentity identity,
                          ArticleOf("parent", request.parent()));
  TOCSIN_ASSIGN_OR_RETURN(
      const auto article,
      snapshot.GetArticle(identity.source, identity.id, /*revision=*/0));
  if (!article.has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no ", request.parent()));
  }
  TOCSIN_ASSIGN_OR_RETURN(
      const std::vector<StoredMention> mentions,
      snapshot.MentionsOfArticle(identity.source, identity.id,
                                 article->record.revision()));
  v1::ListMentionsResponse response;
  for (size_t i = start.major; i < mentions.size(); ++i) {
    if (static_cast<size_t>(response.mentions_size()) == page_size) {
      response.set_next_page_token(EncodePageToken({i, 0}, key));
      break;
    }
    if (!Passes(filter, SubjectOf(mentions[i]))) continue;
    *response.add_mentions() = MentionToProto(mentions[i]);
  }
  return response;
}

}  // namespace

absl::StatusOr<StoredEntity> FindEntity(const Snapshot& snapshot,
                                        const Analyzer& analyzer,
                                        absl::string_view field,
                                        absl::string_view name) {
  absl::string_view form = name;
  if (!absl::ConsumePrefix(&form, kEntityPrefix) || form.empty()) {
    return FieldError(field, absl::StrCat("'", name, "' is not of the form ",
                                          "entities/{entity}"));
  }
  if (form.size() > kMaxNameBytes) {
    return FieldError(field,
                      absl::StrCat("is longer than ", kMaxNameBytes, " bytes"));
  }
  const std::string resolved = analyzer.ResolveName(form);
  for (const std::string& key :
       {std::string(form), absl::AsciiStrToLower(form), resolved}) {
    if (key.empty()) continue;
    TOCSIN_ASSIGN_OR_RETURN(std::optional<StoredEntity> entity,
                            snapshot.GetEntity(key));
    if (entity.has_value()) return *std::move(entity);
  }
  return absl::NotFoundError(
      absl::StrCat("no article has mentioned '", form, "'"));
}

absl::StatusOr<v1::Article> GetArticle(const Snapshot& snapshot,
                                       const v1::GetArticleRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const ArticleIdentity identity,
                          ArticleOf("name", request.name()));
  if (request.revision() < 0) return FieldError("revision", "is negative");
  TOCSIN_ASSIGN_OR_RETURN(
      std::optional<StoredArticle> article,
      snapshot.GetArticle(identity.source, identity.id, request.revision()));
  if (!article.has_value()) {
    return absl::NotFoundError(
        request.revision() == 0
            ? absl::StrCat("there is no ", request.name())
            : absl::StrCat("there is no revision ", request.revision(), " of ",
                           request.name()));
  }
  return ArticleToProto(*std::move(article));
}

absl::StatusOr<v1::ListArticlesResponse> ListArticles(
    const Snapshot& snapshot, const v1::ListArticlesRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(
      const auto filter,
      CompileFilter(request.filter(), FilterPlace::kArticle));
  TOCSIN_ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  const std::string key = absl::StrCat("articles ", request.filter());
  TOCSIN_ASSIGN_OR_RETURN(const PageStart start,
                          DecodePageToken(request.page_token(), key));
  PageBudget budget(size, filter != nullptr);
  v1::ListArticlesResponse response;
  uint64_t before = start.major;
  while (true) {
    TOCSIN_ASSIGN_OR_RETURN(Snapshot::ArticlePage page,
                            snapshot.ListArticles(before, budget.block()));
    for (size_t i = 0; i < page.articles.size(); ++i) {
      StoredArticle& article = page.articles[i];
      before = article.record.commit();
      budget.LookedAt();
      if (Passes(filter, SubjectOf(article.record))) {
        *response.add_articles() = ArticleToProto(std::move(article));
      }
      const bool more = i + 1 < page.articles.size() || page.next_before != 0;
      if (more && budget.Spent(response.articles_size())) {
        response.set_next_page_token(EncodePageToken({before, 0}, key));
        return response;
      }
    }
    if (page.next_before == 0) return response;
    before = page.next_before;
  }
}

absl::StatusOr<v1::ListMentionsResponse> ListMentions(
    const Snapshot& snapshot, const Analyzer& analyzer,
    const v1::ListMentionsRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(
      const auto filter,
      CompileFilter(request.filter(), FilterPlace::kMention));
  TOCSIN_ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  const std::string key =
      absl::StrCat("mentions ", request.parent(), " ", request.filter());
  TOCSIN_ASSIGN_OR_RETURN(PageStart at,
                          DecodePageToken(request.page_token(), key));
  if (!absl::StartsWith(request.parent(), kEntityPrefix)) {
    return MentionsOfArticle(snapshot, request, filter, size, at, key);
  }
  TOCSIN_ASSIGN_OR_RETURN(
      const StoredEntity entity,
      FindEntity(snapshot, analyzer, "parent", request.parent()));
  PageBudget budget(size, filter != nullptr);
  v1::ListMentionsResponse response;
  while (true) {
    TOCSIN_ASSIGN_OR_RETURN(
        const std::vector<StoredMention> block,
        snapshot.MentionsOfEntity(entity.record.number(), at.major, at.minor,
                                  budget.block() + 1));
    for (size_t i = 0; i < block.size(); ++i) {
      if (budget.Spent(response.mentions_size())) {
        response.set_next_page_token(EncodePageToken(at, key));
        return response;
      }
      at = {block[i].commit, block[i].index};
      budget.LookedAt();
      if (!Passes(filter, SubjectOf(block[i]))) continue;
      *response.add_mentions() = MentionToProto(block[i]);
    }
    if (block.size() <= budget.block()) return response;
  }
}

absl::StatusOr<v1::Entity> GetEntity(const Snapshot& snapshot,
                                     const Analyzer& analyzer,
                                     const v1::GetEntityRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(
      const StoredEntity entity,
      FindEntity(snapshot, analyzer, "name", request.name()));
  TOCSIN_ASSIGN_OR_RETURN(v1::Entity proto, EntityToProto(snapshot, entity));
  TOCSIN_RETURN_IF_ERROR(
      AddAmounts(snapshot, entity, kMaxAmounts, *proto.mutable_history()));
  return proto;
}

absl::StatusOr<v1::ListEntitiesResponse> ListEntities(
    const Snapshot& snapshot, const v1::ListEntitiesRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(
      const auto filter, CompileFilter(request.filter(), FilterPlace::kEntity));
  TOCSIN_ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  const std::string key = absl::StrCat("entities ", request.filter());
  TOCSIN_ASSIGN_OR_RETURN(const PageStart start,
                          DecodePageToken(request.page_token(), key));
  PageBudget budget(size, filter != nullptr);
  v1::ListEntitiesResponse response;
  uint64_t before = start.major;
  while (true) {
    TOCSIN_ASSIGN_OR_RETURN(const std::vector<StoredEntity> block,
                            snapshot.ListEntities(before, budget.block() + 1));
    for (const StoredEntity& entity : block) {
      if (budget.Spent(response.entities_size())) {
        response.set_next_page_token(EncodePageToken({before, 0}, key));
        return response;
      }
      before = entity.record.number();
      budget.LookedAt();
      if (!Passes(filter, SubjectOf(entity))) continue;
      TOCSIN_ASSIGN_OR_RETURN(*response.add_entities(),
                              EntityToProto(snapshot, entity));
    }
    if (block.size() <= budget.block()) return response;
  }
}

}  // namespace tocsin
