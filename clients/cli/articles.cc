// tocsin articles, article
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/list_options.h"
#include "cli/marked_text.h"
#include "cli/pages.h"
#include "cli/resource_name.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "tocsin/v1/archive_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

constexpr char kArticlesExamples[] =
    "  tocsin articles\n"
    "  tocsin articles --filter 'article.language = \"sv\"' --limit 0\n";
constexpr char kArticleExamples[] =
    "  tocsin article 001                    of the source `default`\n"
    "  tocsin article ew/001\n"
    "  tocsin article sources/ew/articles/001 --revision 1 --json\n";

struct ArticleOptions {
  std::string name;
  int32_t revision = 0;
};

absl::StatusOr<int> RunArticles(Context& context, const ListOptions& options) {
  Table table({{"time"},
               {"article", false, true},
               {"rev", true},
               {"lang"},
               {"headline", false, true}});
  v1::ListArticlesRequest request;
  request.set_filter(options.filter);
  CLI_ASSIGN_OR_RETURN(
      const bool more,
      ForEachPage(
          context.Connect(), &v1::ArchiveService::Stub::ListArticles, request,
          options.limit, options.filter,
          [](const auto& page) { return page.articles_size(); },
          [&](const v1::ListArticlesResponse& page) {
            for (const v1::Article& a : page.articles()) {
              if (context.json) {
                context.out.Print(ToJson(a) + "\n");
                continue;
              }
              table.Add({TimeText(a.has_published_at() ? a.published_at()
                                                       : a.received_at()),
                         Printable(ShortArticleName(a.name())),
                         absl::StrCat(a.revision()), Printable(a.language()),
                         Printable(a.headline())});
            }
            return context.out.Flush();
          }));
  FinishTable(context, table, options, more);
  return kOk;
}

std::string ArticleHead(const v1::Article& article, const Terminal& out) {
  std::string text =
      absl::StrCat(out.Bold(Printable(ShortArticleName(article.name()))), " (",
                   Printable(article.language()), ")  revision ",
                   article.revision(), " of ", article.revision_count(), "\n");
  const auto add = [&](absl::string_view label, const std::string& value) {
    if (!value.empty()) absl::StrAppend(&text, label, value, "\n");
  };
  add("published  ", TimeText(article.published_at()));
  add("updated    ", TimeText(article.updated_at()));
  add("embargo    ", TimeText(article.embargo_until()));
  add("received   ", TimeText(article.received_at()));
  add("by         ", Printable(article.byline()));
  add("at         ", Printable(article.uri()));
  return text;
}

absl::StatusOr<int> RunArticle(Context& context,
                               const ArticleOptions& options) {
  const Connection connection = context.Connect();
  v1::GetArticleRequest request;
  request.set_name(ArticleName(options.name));
  request.set_revision(options.revision);
  CLI_ASSIGN_OR_RETURN(
      const v1::Article article,
      connection.Call(&v1::ArchiveService::Stub::GetArticle, request));
  if (context.json) {
    context.out.Print(ToJson(article) + "\n");
    return kOk;
  }
  // Mentions are those of the current revision.
  std::vector<v1::Mention> mentions;
  if (options.revision == 0) {
    v1::ListMentionsRequest mentions_request;
    mentions_request.set_parent(article.name());
    CLI_RETURN_IF_ERROR(
        ForEachPage(
            connection, &v1::ArchiveService::Stub::ListMentions,
            mentions_request, 0, "",
            [](const auto& page) { return page.mentions_size(); },
            [&](const v1::ListMentionsResponse& page) {
              for (const v1::StoredMention& m : page.mentions()) {
                if (m.revision() == article.revision()) {
                  mentions.push_back(m.mention());
                }
              }
              return absl::OkStatus();
            })
            .status());
  }
  context.out.Print(
      absl::StrCat(ArticleHead(article, context.out), "\n",
                   MarkedArticle(article, mentions, context.out)));
  return kOk;
}

}  // namespace

void AddArticleCommands(CLI::App& app, Context& context) {
  auto list = std::make_shared<ListOptions>();
  CLI::App* articles =
      AddCommand(app, "articles", "Lists the articles stored, the latest first",
                 kArticlesExamples);
  list->Register(*articles);
  articles->callback([list, &context] {
    context.run = [list, &context] { return RunArticles(context, *list); };
  });

  auto options = std::make_shared<ArticleOptions>();
  CLI::App* article = AddCommand(
      app, "article", "Shows an article with what it mentions marked",
      kArticleExamples);
  article->add_option("id", options->name, "ID, SOURCE/ID or the resource name")
      ->required();
  article
      ->add_option("--revision", options->revision,
                   "Another revision than the current one")
      ->type_name("N")
      ->check(AtLeast(1));
  article->callback([options, &context] {
    context.run = [options, &context] { return RunArticle(context, *options); };
  });
}

}  // namespace tocsin::cli
