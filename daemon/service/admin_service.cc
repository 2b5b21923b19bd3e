#include "service/admin_service.h"

#include <future>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "service/archive_queries.h"
#include "service/convert_name.h"
#include "service/convert_time.h"
#include "service/names_upload.h"
#include "service/page.h"
#include "service/unary.h"
#include "service/upload_call.h"
#include "storage/snapshot.h"

namespace tocsin {
namespace {

// An archive smaller or shorter than this knows too little: what it calls new
// is mostly what it never had the chance to see.
constexpr int64_t kYoungArticles = 1000;
constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;
constexpr int64_t kYoungMicros = 7 * kDayMicros;

}  // namespace

std::vector<std::string> ArchiveWarnings(const CommitRecord& commit) {
  const int64_t span = commit.last_event_time() - commit.first_event_time();
  if (commit.article_count() >= kYoungArticles && span >= kYoungMicros) {
    return {};
  }
  return {absl::StrCat(
      "the archive is young (", commit.article_count(), " articles over ",
      span / kDayMicros,
      " days): nearly everything is new to it. Load older articles first, with "
      "`tocsin ingest --suppress-alerts`.")};
}

AdminService::AdminService(const ServiceContext& context, Options options)
    : context_(context),
      options_(std::move(options)),
      backups_(context, options_.backup_folder) {}

absl::StatusOr<v1::GetStatusResponse> AdminService::Status() const {
  TOCSIN_ASSIGN_OR_RETURN(const CommitRecord commit,
                          context_.store->GetSnapshot().LatestCommit());
  v1::GetStatusResponse status;
  status.set_version(options_.version);
  SetTime(options_.start_time, status.mutable_start_time());
  status.set_epoch(context_.store->epoch());
  status.set_article_count(commit.article_count());
  status.set_revision_count(static_cast<int64_t>(commit.last_commit()));
  status.set_entity_count(static_cast<int64_t>(commit.last_entity()));
  status.set_last_sequence(commit.last_sequence());
  status.set_rule_count(
      static_cast<int64_t>(context_.sequencer->rules()->rules().size()));
  status.set_watcher_count(options_.watcher_count());
  status.set_disk_bytes(static_cast<int64_t>(context_.store->DiskBytes()));
  status.set_disk_free_bytes(static_cast<int64_t>(context_.store->FreeBytes()));
  const auto analyzer = context_.names->analyzer();
  for (const std::string& language : analyzer->languages()) {
    status.add_languages(language);
  }
  status.set_listed_name_count(
      static_cast<int64_t>(analyzer->listed_name_count()));
  for (std::string& warning : ArchiveWarnings(commit)) {
    status.add_warnings(std::move(warning));
  }
  for (const absl::Status& trouble :
       {context_.store->CheckSpace(), context_.store->Health()}) {
    if (!trouble.ok()) status.add_warnings(std::string(trouble.message()));
  }
  if (commit.article_count() > 0) {
    SetTimeMicros(commit.first_event_time(), status.mutable_first_event_time());
    SetTimeMicros(commit.last_event_time(), status.mutable_last_event_time());
  }
  return status;
}

// A page token is the id of the last name of the page before.
absl::StatusOr<v1::ListNamesResponse> AdminService::Names(
    const v1::ListNamesRequest& request) const {
  TOCSIN_ASSIGN_OR_RETURN(const size_t size, PageSize(request.page_size()));
  std::string after;
  if (!absl::WebSafeBase64Unescape(request.page_token(), &after)) {
    return FieldError("page_token", "is not one that this method gave");
  }
  const std::vector<NameRecord> names = context_.names->List(after, size + 1);
  v1::ListNamesResponse response;
  for (size_t i = 0; i < names.size() && i < size; ++i) {
    *response.add_names() = ToProto(names[i]);
  }
  if (names.size() > size) {
    response.set_next_page_token(
        absl::WebSafeBase64Escape(names[size - 1].id()));
  }
  return response;
}

absl::StatusOr<v1::Entity> AdminService::Merge(
    const v1::MergeEntitiesRequest& request) {
  const auto analyzer = context_.names->analyzer();
  const Snapshot before = context_.store->GetSnapshot();
  TOCSIN_ASSIGN_OR_RETURN(
      const StoredEntity into,
      FindEntity(before, *analyzer, "into", request.into()));
  TOCSIN_ASSIGN_OR_RETURN(
      const StoredEntity from,
      FindEntity(before, *analyzer, "from", request.from()));
  std::promise<absl::Status> durable;
  context_.sequencer->Submit(
      MergeCommand{into.record.key(), from.record.key()},
      [&](const CommandResult& result) { durable.set_value(result.status); });
  TOCSIN_RETURN_IF_ERROR(durable.get_future().get());
  v1::GetEntityRequest merged;
  merged.set_name(request.into());
  return GetEntity(context_.store->GetSnapshot(), *analyzer, merged);
}

grpc::ServerUnaryReactor* AdminService::GetStatus(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::GetStatusRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::GetStatusRequest&) { return Status(); });
}

grpc::ServerReadReactor<grpc::ByteBuffer>* AdminService::ApplyNames(
    grpc::CallbackServerContext* context, grpc::ByteBuffer* response) {
  return new UploadCall<NamesUpload>(
      context, response, changes_,
      NamesUpload(*context_.names, *context_.sequencer));
}

grpc::ServerUnaryReactor* AdminService::ListNames(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListNamesRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListNamesRequest& r) { return Names(r); });
}

grpc::ServerUnaryReactor* AdminService::MergeEntities(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::MergeEntitiesRequest>(
      context, request, response, changes_,
      [this](const v1::MergeEntitiesRequest& r) { return Merge(r); });
}

grpc::ServerUnaryReactor* AdminService::CreateBackup(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::CreateBackupRequest>(
      context, request, response, backups_.pool(),
      [this](const v1::CreateBackupRequest& r) { return backups_.Create(r); });
}

grpc::ServerUnaryReactor* AdminService::ListBackups(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::ListBackupsRequest>(
      context, request, response, *context_.query_pool,
      [this](const v1::ListBackupsRequest& r) { return backups_.List(r); });
}

grpc::ServerUnaryReactor* AdminService::VerifyBackup(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return AnswerUnary<v1::VerifyBackupRequest>(
      context, request, response, backups_.pool(),
      [this](const v1::VerifyBackupRequest& r) { return backups_.Verify(r); });
}

}  // namespace tocsin
