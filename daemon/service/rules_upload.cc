#include "service/rules_upload.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rules/rule_file.h"
#include "service/convert_rule.h"
#include "service/status_conversion.h"

namespace tocsin {
namespace {

constexpr size_t kMaxShownChanges = 100;

void Show(char mark, const std::vector<std::string>& names,
          v1::ApplyRulesResponse& response) {
  for (const std::string& name : names) {
    if (static_cast<size_t>(response.changes_size()) == kMaxShownChanges)
      return;
    response.add_changes(absl::StrCat(std::string(1, mark), "rules/", name));
  }
}

}  // namespace

absl::Status RulesUpload::Take(const v1::ApplyRulesRequest& request,
                               size_t bytes) {
  if (first_) {
    rule_set_ = request.rule_set().empty() ? std::string(kDefaultRuleSet)
                                           : request.rule_set();
    validate_only_ = request.validate_only();
    first_ = false;
  }
  if (request.rule_count() != 0) rule_count_ = request.rule_count();
  if (rules_.size() + static_cast<size_t>(request.rules_size()) > kMaxRules ||
      bytes > kMaxRuleFileBytes)
    return absl::InvalidArgumentError(
        absl::StrCat("rules: a set has at most ", kMaxRules, " rules and ",
                     kMaxRuleFileBytes >> 20, " MiB"));
  for (const v1::Rule& proto : request.rules()) {
    absl::StatusOr<Rule> rule = FromProto(proto);
    if (!rule.ok())
      return InField(absl::StrCat("rules[", rules_.size(), "]"), rule.status());
    rule->rule_set = rule_set_;
    rules_.push_back(std::make_shared<const Rule>(*std::move(rule)));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ApplyRulesResponse> RulesUpload::Apply() {
  if (first_) rule_set_ = std::string(kDefaultRuleSet);
  if (rule_count_ != 0 && static_cast<size_t>(rule_count_) != rules_.size())
    return absl::AbortedError(absl::StrCat("rule_count: ", rule_count_,
                                           " rules were announced and ",
                                           rules_.size(), " came"));
  TOCSIN_ASSIGN_OR_RETURN(
      const RuleSetChanges changes,
      book_->ApplyShared(rule_set_, std::move(rules_), validate_only_));
  v1::ApplyRulesResponse response;
  response.set_created_count(static_cast<int32_t>(changes.created.size()));
  response.set_updated_count(static_cast<int32_t>(changes.updated.size()));
  response.set_deleted_count(static_cast<int32_t>(changes.deleted.size()));
  response.set_unchanged_count(static_cast<int32_t>(changes.unchanged_count));
  Show('+', changes.created, response);
  Show('~', changes.updated, response);
  Show('-', changes.deleted, response);
  return response;
}

}  // namespace tocsin
