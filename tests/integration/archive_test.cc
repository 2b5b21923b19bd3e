// Questions about what was ingested.
#include "absl/strings/str_cat.h"
#include "daemon_fixture.h"
#include "gmock/gmock.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ArchiveTest : public DaemonTest {
 protected:
  ArchiveTest() {
    StartDaemon();
    Ingest({
        MakeArticle("one",
                    "A spokesman for Acme Corporation said 17 million dollars "
                    "were paid by Acme Corporation."),
        MakeArticle("two", "Nobody is named here, and nothing is paid."),
        MakeArticle("three",
                    "A spokesman for Acme Corporation said 20 million dollars "
                    "were spent."),
    });
  }

  v1::Entity GetEntity(const std::string& name) {
    v1::GetEntityRequest request;
    request.set_name(name);
    v1::Entity entity;
    const grpc::Status status =
        archive_->GetEntity(Context().get(), request, &entity);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return entity;
  }
};

TEST_F(ArchiveTest, GetsArticlesAndTheirRevisions) {
  Ingest({MakeArticle("two", "Changed text.")});
  v1::GetArticleRequest request;
  request.set_name("sources/wire/articles/two");
  v1::Article article;
  ASSERT_TRUE(archive_->GetArticle(Context().get(), request, &article).ok());
  EXPECT_EQ(article.name(), request.name());
  EXPECT_EQ(article.id(), "two");
  EXPECT_EQ(article.source(), "wire");
  EXPECT_EQ(article.language(), "en");
  EXPECT_EQ(article.body(), "Changed text.");
  EXPECT_EQ(article.revision(), 2);
  EXPECT_EQ(article.revision_count(), 2);
  EXPECT_TRUE(article.has_received_at());
  EXPECT_FALSE(article.has_published_at());
  request.set_revision(1);
  ASSERT_TRUE(archive_->GetArticle(Context().get(), request, &article).ok());
  EXPECT_THAT(article.body(), HasSubstr("Nobody is named"));
  request.set_revision(3);
  EXPECT_EQ(
      archive_->GetArticle(Context().get(), request, &article).error_code(),
      grpc::NOT_FOUND);
  request.set_name("articles/two");
  const grpc::Status status =
      archive_->GetArticle(Context().get(), request, &article);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(ViolationOf(status).field(), "name");
}

TEST_F(ArchiveTest, ListsArticlesTheLatestFirstWithoutBodies) {
  std::vector<std::string> ids;
  v1::ListArticlesRequest request;
  request.set_page_size(2);
  do {
    v1::ListArticlesResponse response;
    ASSERT_TRUE(
        archive_->ListArticles(Context().get(), request, &response).ok());
    for (const v1::Article& article : response.articles()) {
      ids.push_back(article.id());
      EXPECT_EQ(article.body(), "");
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, ElementsAre("three", "two", "one"));
  request.set_filter("source = \"elsewhere\"");
  v1::ListArticlesResponse response;
  ASSERT_TRUE(archive_->ListArticles(Context().get(), request, &response).ok());
  EXPECT_EQ(response.articles_size(), 0);
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(ArchiveTest, AnEntityHasItsHistoryInAnyFormOfItsName) {
  v1::ListEntitiesRequest list;
  v1::ListEntitiesResponse entities;
  ASSERT_TRUE(archive_->ListEntities(Context().get(), list, &entities).ok());
  std::string name;
  for (const v1::Entity& entity : entities.entities()) {
    if (entity.display_name() == "Acme Corporation") name = entity.name();
  }
  ASSERT_FALSE(name.empty()) << entities.DebugString();
  for (const std::string& form :
       {name, std::string("entities/Acme Corporation"),
        std::string("entities/ACME CORPORATION")}) {
    const v1::Entity entity = GetEntity(form);
    EXPECT_EQ(entity.name(), name);
    EXPECT_EQ(entity.history().article_count(), 2);
    EXPECT_EQ(entity.history().first_article(), "sources/wire/articles/one");
    EXPECT_THAT(entity.history().sources(), ElementsAre("wire"));
    ASSERT_EQ(entity.history().amounts_size(), 2) << entity.DebugString();
    EXPECT_EQ(entity.history().amounts(0).amount().low(), 20e6);
    EXPECT_EQ(entity.history().amounts(0).first_article(),
              "sources/wire/articles/three");
    EXPECT_EQ(entity.history().amounts(1).amount().low(), 17e6);
  }
}

TEST_F(ArchiveTest, UnknownAndMalformedNamesOfEntities) {
  v1::GetEntityRequest request;
  v1::Entity entity;
  request.set_name("entities/nobody-knows");
  grpc::Status status = archive_->GetEntity(Context().get(), request, &entity);
  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("nobody-knows"));
  for (const std::string& name :
       {std::string("acme"), std::string("entities/"), std::string(),
        "entities/" + std::string(600, 'x')}) {
    request.set_name(name);
    status = archive_->GetEntity(Context().get(), request, &entity);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << name;
    EXPECT_EQ(ViolationOf(status).field(), "name");
  }
}

TEST_F(ArchiveTest, MentionsOfAnEntityComeLatestFirstInPages) {
  std::vector<std::string> articles;
  v1::ListMentionsRequest request;
  request.set_parent("entities/Acme Corporation");
  request.set_page_size(1);
  do {
    v1::ListMentionsResponse response;
    ASSERT_TRUE(
        archive_->ListMentions(Context().get(), request, &response).ok());
    for (const v1::StoredMention& mention : response.mentions()) {
      articles.push_back(mention.article());
      const v1::Passage& passage = mention.passage();
      EXPECT_EQ(passage.text().substr(passage.begin(),
                                      passage.end() - passage.begin()),
                mention.mention().surface());
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(articles, ElementsAre("sources/wire/articles/three",
                                    "sources/wire/articles/one",
                                    "sources/wire/articles/one"));
}

TEST_F(ArchiveTest, MentionsOfAnArticleComeInTextOrder) {
  v1::ListMentionsRequest request;
  request.set_parent("sources/wire/articles/one");
  v1::ListMentionsResponse response;
  ASSERT_TRUE(archive_->ListMentions(Context().get(), request, &response).ok());
  ASSERT_EQ(response.mentions_size(), 3) << response.DebugString();
  uint32_t last = 0;
  for (const v1::StoredMention& stored : response.mentions()) {
    EXPECT_GE(stored.mention().span().begin(), last);
    last = stored.mention().span().end();
  }
  EXPECT_EQ(response.mentions(1).mention().amount().low(), 17e6);
  EXPECT_EQ(response.mentions(1).mention().anchor(),
            response.mentions(0).mention().entity().name());
  request.set_parent("sources/wire/articles/none");
  EXPECT_EQ(
      archive_->ListMentions(Context().get(), request, &response).error_code(),
      grpc::NOT_FOUND);
}

}  // namespace
}  // namespace tocsin
