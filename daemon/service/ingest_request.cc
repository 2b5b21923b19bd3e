#include "service/ingest_request.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "service/convert_article.h"
#include "service/status_conversion.h"
#include "service/wire.h"
#include "tocsin/v1/ingest_service.pb.h"

namespace tocsin {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// The message, not yet looked into.
struct Envelope {
  std::vector<absl::string_view> articles;  // Each serialized.
  bool suppress_alerts = false;
};

bool ReadArticleBytes(CodedInputStream& in, absl::string_view& out) {
  int size = 0;
  if (!in.ReadVarintSizeAsInt(&size)) return false;
  if (size == 0) {
    out = absl::string_view();
    return true;
  }
  const void* data = nullptr;
  int available = 0;
  if (!in.GetDirectBufferPointer(&data, &available) || available < size) {
    return false;
  }
  out = absl::string_view(static_cast<const char*>(data), size);
  return in.Skip(size);
}

bool ReadEnvelope(const grpc::Slice& slice, Envelope& envelope) {
  constexpr uint32_t kArticlesTag =
      WireFormatLite::MakeTag(v1::IngestArticlesRequest::kArticlesFieldNumber,
                              WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  constexpr uint32_t kSuppressTag = WireFormatLite::MakeTag(
      v1::IngestArticlesRequest::kSuppressAlertsFieldNumber,
      WireFormatLite::WIRETYPE_VARINT);
  CodedInputStream in(slice.begin(), static_cast<int>(slice.size()));
  while (const uint32_t tag = in.ReadTag()) {
    if (tag == kArticlesTag) {
      absl::string_view bytes;
      if (!ReadArticleBytes(in, bytes)) return false;
      envelope.articles.push_back(bytes);
    } else if (tag == kSuppressTag) {
      uint64_t value = 0;
      if (!in.ReadVarint64(&value)) return false;
      envelope.suppress_alerts = value != 0;
    } else if (!WireFormatLite::SkipField(&in, tag)) {
      return false;
    }
  }
  return in.ConsumedEntireMessage();
}

absl::StatusOr<Article> ReadArticle(absl::string_view bytes,
                                    v1::Article& scratch) {
  absl::Status parsed = ParseMessage(bytes, scratch);
  if (!parsed.ok()) return InField("article", parsed);
  return TakeArticle(scratch);
}

}  // namespace

absl::StatusOr<std::vector<LaneArticle>> ReadIngestRequest(
    const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;  // Outlives the views in the envelope.
  Envelope envelope;
  if (!buffer.DumpToSingleSlice(&slice).ok() ||
      !ReadEnvelope(slice, envelope)) {
    return absl::InvalidArgumentError(
        "these bytes are not a tocsin.v1.IngestArticlesRequest");
  }
  if (envelope.articles.size() > kMaxArticlesPerMessage) {
    return FieldError("articles", absl::StrCat("has ", envelope.articles.size(),
                                               " articles; a message may have ",
                                               kMaxArticlesPerMessage));
  }
  std::vector<LaneArticle> articles;
  articles.reserve(envelope.articles.size());
  v1::Article scratch;
  for (const absl::string_view bytes : envelope.articles) {
    articles.push_back({ReadArticle(bytes, scratch), envelope.suppress_alerts});
  }
  return articles;
}

}  // namespace tocsin
