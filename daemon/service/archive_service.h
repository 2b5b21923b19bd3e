// tocsin.v1.ArchiveService: questions about what was ingested.
#ifndef TOCSIN_SERVICE_ARCHIVE_SERVICE_H_
#define TOCSIN_SERVICE_ARCHIVE_SERVICE_H_

#include "service/context.h"
#include "tocsin/v1/archive_service.grpc.pb.h"

namespace tocsin {

using ArchiveServiceBase = v1::ArchiveService::WithRawCallbackMethod_GetArticle<
    v1::ArchiveService::WithRawCallbackMethod_ListArticles<
        v1::ArchiveService::WithRawCallbackMethod_ListMentions<
            v1::ArchiveService::WithRawCallbackMethod_GetEntity<
                v1::ArchiveService::WithRawCallbackMethod_ListEntities<
                    v1::ArchiveService::Service>>>>>;

class ArchiveService final : public ArchiveServiceBase {
 public:
  explicit ArchiveService(const ServiceContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* GetArticle(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListArticles(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListMentions(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetEntity(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListEntities(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;

 private:
  const ServiceContext context_;
};

}  // namespace tocsin

#endif  // TOCSIN_SERVICE_ARCHIVE_SERVICE_H_
