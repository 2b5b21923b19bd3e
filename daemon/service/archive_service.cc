#include "service/archive_service.h"

#include "service/archive_queries.h"
#include "service/unary.h"

namespace tocsin {

grpc::ServerUnaryReactor* ArchiveService::GetArticle(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::GetArticleRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::GetArticleRequest& message) {
        return tocsin::GetArticle(context_.store->GetSnapshot(), message);
      });
}

grpc::ServerUnaryReactor* ArchiveService::ListArticles(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListArticlesRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListArticlesRequest& message) {
        return tocsin::ListArticles(context_.store->GetSnapshot(), message);
      });
}

grpc::ServerUnaryReactor* ArchiveService::ListMentions(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListMentionsRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListMentionsRequest& message) {
        return tocsin::ListMentions(context_.store->GetSnapshot(),
                                    *context_.names->analyzer(), message);
      });
}

grpc::ServerUnaryReactor* ArchiveService::GetEntity(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::GetEntityRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::GetEntityRequest& message) {
        return tocsin::GetEntity(context_.store->GetSnapshot(),
                                 *context_.names->analyzer(), message);
      });
}

grpc::ServerUnaryReactor* ArchiveService::ListEntities(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListEntitiesRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListEntitiesRequest& message) {
        return tocsin::ListEntities(context_.store->GetSnapshot(), message);
      });
}

}  // namespace tocsin
