#include "service/rule_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "base/status_macros.h"
#include "google/protobuf/empty.pb.h"
#include "service/convert_rule.h"
#include "service/explain_query.h"
#include "service/page.h"
#include "service/rehearse_query.h"
#include "service/rules_upload.h"
#include "service/status_conversion.h"
#include "service/unary.h"
#include "service/upload_call.h"

namespace tocsin {
namespace {

constexpr size_t kDefaultRules = 100;

absl::StatusOr<v1::Rule> Create(RuleBook& book,
                                const v1::CreateRuleRequest& request) {
  absl::StatusOr<Rule> rule = FromProto(request.rule());
  if (!rule.ok()) return InField("rule", rule.status());
  if (!IsRuleName(request.rule_id()))
    return FieldError("rule_id",
                      "is not 1 to 64 characters of a-z, 0-9 and hyphen, "
                      "beginning with a letter");
  if (!rule->name.empty() && rule->name != request.rule_id())
    return FieldError("rule.name", "is not the same as rule_id");
  rule->name = request.rule_id();
  absl::StatusOr<Rule> added = book.Add(*std::move(rule));
  if (!added.ok()) return InField("rule", added.status());
  return ToProto(*added);
}

absl::StatusOr<v1::Rule> Get(const RuleBook& book,
                             const v1::GetRuleRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                          RuleIdOf("name", request.name()));
  TOCSIN_ASSIGN_OR_RETURN(const Rule rule, book.Get(id));
  return ToProto(rule);
}

// A page token is the name of the last rule of the page before.
absl::StatusOr<v1::ListRulesResponse> List(
    const RuleBook& book, const v1::ListRulesRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(size_t size, PageSize(request.page_size()));
  if (request.page_size() == 0) size = kDefaultRules;
  std::string after;
  if (!request.page_token().empty() &&
      (!absl::WebSafeBase64Unescape(request.page_token(), &after) ||
       !IsRuleName(after)))
    return FieldError("page_token", "is not one that this method gave");
  const std::vector<Rule> rules = book.List(after, size + 1);
  v1::ListRulesResponse response;
  for (size_t i = 0; i < rules.size() && i < size; ++i)
    *response.add_rules() = ToProto(rules[i]);
  if (rules.size() > size)
    response.set_next_page_token(
        absl::WebSafeBase64Escape(rules[size - 1].name));
  return response;
}

absl::StatusOr<v1::Rule> Update(RuleBook& book,
                                const v1::UpdateRuleRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                          RuleIdOf("rule.name", request.rule().name()));
  // Errors of the mask name their field already.
  absl::Status merged;
  const absl::StatusOr<Rule> updated =
      book.Update(id, request.rule().etag(), [&](Rule& rule) {
        merged = MergeRule(request.rule(), request.update_mask(), rule);
        return merged;
      });
  if (!merged.ok()) return merged;
  if (!updated.ok()) return InField("rule", updated.status());
  return ToProto(*updated);
}

absl::StatusOr<google::protobuf::Empty> Delete(
    RuleBook& book, const v1::DeleteRuleRequest& request) {
  TOCSIN_ASSIGN_OR_RETURN(const std::string id,
                          RuleIdOf("name", request.name()));
  TOCSIN_RETURN_IF_ERROR(book.Delete(id, request.etag()));
  return google::protobuf::Empty();
}

}  // namespace

RuleService::RuleService(const ServiceContext& context, RuleBook& book)
    : context_(context), book_(book), backtests_(context, book) {}

grpc::ServerUnaryReactor* RuleService::CreateRule(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::CreateRuleRequest>(
      context, request, response, changes_,
      [this](const v1::CreateRuleRequest& r) { return Create(book_, r); });
}

grpc::ServerUnaryReactor* RuleService::GetRule(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::GetRuleRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::GetRuleRequest& r) { return Get(book_, r); });
}

grpc::ServerUnaryReactor* RuleService::ListRules(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListRulesRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListRulesRequest& r) { return List(book_, r); });
}

grpc::ServerUnaryReactor* RuleService::UpdateRule(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::UpdateRuleRequest>(
      context, request, response, changes_,
      [this](const v1::UpdateRuleRequest& r) { return Update(book_, r); });
}

grpc::ServerUnaryReactor* RuleService::DeleteRule(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::DeleteRuleRequest>(
      context, request, response, changes_,
      [this](const v1::DeleteRuleRequest& r) { return Delete(book_, r); });
}

grpc::ServerReadReactor<grpc::ByteBuffer>* RuleService::ApplyRules(
    grpc::CallbackServerContext* context, grpc::ByteBuffer* response) {
  return new UploadCall<RulesUpload>(context, response, changes_,
                                     RulesUpload(book_));
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* RuleService::BacktestRule(
    grpc::CallbackServerContext* /*context*/, const grpc::ByteBuffer* request) {
  return backtests_.Start(*request);
}

grpc::ServerUnaryReactor* RuleService::ExplainArticle(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ExplainArticleRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ExplainArticleRequest& r) {
        const std::shared_ptr<const RuleSet> rules = book_.compiled();
        const Snapshot snapshot = context_.store->GetSnapshot();
        return tocsin::ExplainArticle(snapshot, context_.names->analyzer(),
                                      *rules, r);
      });
}

grpc::ServerUnaryReactor* RuleService::RehearseRules(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::RehearseRulesRequest>(
      context, request, response, *context_.query_pool,
      [this](v1::RehearseRulesRequest& r) {
        return tocsin::RehearseRules(*context_.names->analyzer(), r);
      });
}

}  // namespace tocsin
