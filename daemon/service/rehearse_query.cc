#include "service/rehearse_query.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "pipeline/rehearsal.h"
#include "service/convert_alert.h"
#include "service/convert_article.h"
#include "service/convert_rule.h"
#include "service/convert_time.h"
#include "service/status_conversion.h"

namespace tocsin {
namespace {

constexpr int kMaxArticles = 1000;
constexpr int kMaxRules = 10'000;

// A directory of its own, gone with the object.
class ScratchDirectory {
 public:
  static absl::StatusOr<ScratchDirectory> Create() {
    // In memory, where that can be: nothing of it is to last, and every sync
    // to a disk takes a while.
    std::error_code error;
    std::string path = "/dev/shm/tocsin-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      path = (std::filesystem::temp_directory_path(error) / "tocsin-XXXXXX")
                 .string();
      if (error || mkdtemp(path.data()) == nullptr) {
        return absl::UnavailableError(absl::StrCat(
            "cannot make a temporary directory ", path, " for a rehearsal"));
      }
    }
    return ScratchDirectory(std::move(path));
  }
  ~ScratchDirectory() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  ScratchDirectory(ScratchDirectory&& other) noexcept
      : path_(std::exchange(other.path_, "")) {}
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

absl::StatusOr<std::shared_ptr<const RuleSet>> RulesOf(
    const v1::RehearseRulesRequest& request) {
  std::vector<Rule> rules;
  for (int i = 0; i < request.rules_size(); ++i) {
    absl::StatusOr<Rule> rule = FromProto(request.rules(i));
    absl::Status status = rule.status();
    if (status.ok()) status = ValidateRule(*rule);
    if (!status.ok()) return InField(absl::StrCat("rules[", i, "]"), status);
    rules.push_back(*std::move(rule));
  }
  return RuleSet::Create(std::move(rules));
}

absl::StatusOr<std::vector<RehearsedArticle>> ArticlesOf(
    v1::RehearseRulesRequest& request) {
  std::vector<RehearsedArticle> articles;
  absl::Time last = absl::UnixEpoch();
  for (int i = 0; i < request.articles_size(); ++i) {
    const std::string field = absl::StrCat("articles[", i, "]");
    v1::RehearsedArticle& proto = *request.mutable_articles(i);
    absl::StatusOr<Article> article = TakeArticle(*proto.mutable_article());
    absl::Status status = article.status();
    if (status.ok()) status = ValidateArticle(*article);
    if (!status.ok()) return InField(field, status);
    RehearsedArticle one;
    one.received_at = article->published_at.value_or(last + absl::Minutes(1));
    if (proto.has_receive_time()) {
      TOCSIN_ASSIGN_OR_RETURN(
          one.received_at, TimeFromProto(absl::StrCat(field, ".receive_time"),
                                         proto.receive_time()));
      if (one.received_at < last) {
        return FieldError(absl::StrCat(field, ".receive_time"),
                          "is before that of the article before");
      }
    }
    one.received_at = std::max(one.received_at, last);
    last = one.received_at;
    one.article = *std::move(article);
    one.suppress_alerts = proto.suppress_alerts();
    articles.push_back(std::move(one));
  }
  return articles;
}

}  // namespace

absl::StatusOr<v1::RehearseRulesResponse> RehearseRules(
    const Analyzer& analyzer, v1::RehearseRulesRequest& request) {
  if (request.rules_size() > kMaxRules) {
    return FieldError("rules", absl::StrCat("are more than ", kMaxRules));
  }
  if (request.articles_size() > kMaxArticles) {
    return FieldError("articles", absl::StrCat("are more than ", kMaxArticles));
  }
  TOCSIN_ASSIGN_OR_RETURN(std::shared_ptr<const RuleSet> rules,
                          RulesOf(request));
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<RehearsedArticle> articles,
                          ArticlesOf(request));
  TOCSIN_ASSIGN_OR_RETURN(const ScratchDirectory scratch,
                          ScratchDirectory::Create());
  TOCSIN_ASSIGN_OR_RETURN(const std::vector<AlertRecord> alerts,
                          RehearseRules(analyzer, std::move(rules), articles,
                                        absl::StrCat(scratch.path(), "/data")));
  v1::RehearseRulesResponse response;
  for (const AlertRecord& alert : alerts) {
    v1::Alert& proto = *response.add_alerts();
    proto = AlertToProto(alert, "");
    proto.clear_resume_token();
  }
  return response;
}

}  // namespace tocsin
