#include "pipeline/rehearsal.h"

#include <utility>

#include "base/status_macros.h"
#include "pipeline/applier.h"
#include "pipeline/command.h"
#include "storage/store.h"

namespace tocsin {
namespace {

constexpr size_t kMemory = 4 << 20;

}  // namespace

absl::StatusOr<std::vector<AlertRecord>> RehearseRules(
    const Analyzer& analyzer, std::shared_ptr<const RuleSet> rules,
    absl::Span<const RehearsedArticle> articles, const std::string& directory) {
  StoreOptions options;
  options.directory = directory;
  options.cache_bytes = kMemory;
  options.write_buffer_bytes = kMemory;
  options.reserve_bytes = 0;
  TOCSIN_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                          Store::Open(options));
  TOCSIN_ASSIGN_OR_RETURN(const std::unique_ptr<Applier> applier,
                          Applier::Create(*store, std::move(rules), kMemory));
  for (const RehearsedArticle& article : articles) {
    TOCSIN_RETURN_IF_ERROR(
        applier->Apply(TickCommand{article.received_at}).status());
    ArticleCommand command;
    command.article = article.article;
    command.analysis = analyzer.Analyze(article.article);
    command.received_at = article.received_at;
    command.suppress_alerts = article.suppress_alerts;
    TOCSIN_RETURN_IF_ERROR(applier->Apply(std::move(command)).status());
  }
  return applier->Seal().alerts;  // Nothing of it needs to last.
}

}  // namespace tocsin
