#include "service/convert_alert.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "pipeline/resume_token.h"
#include "service/compile_filter.h"
#include "service/convert_mention.h"
#include "service/convert_time.h"
#include "service/subject_view.h"
#include "storage/resource_name.h"
#include "tocsin/v1/alert_service.pb.h"

namespace tocsin {
namespace {

Evidence MakeEvidence(int64_t first_seen, int64_t last_seen, int64_t articles,
                      int sources) {
  Evidence evidence;
  evidence.first_seen = FromMicros(first_seen);
  evidence.last_seen = FromMicros(last_seen);
  evidence.article_count = articles;
  evidence.source_count = sources;
  return evidence;
}

Evidence OwnEvidence(const SightingRecord& record) {
  return MakeEvidence(record.first_seen_at(), record.last_seen_at(),
                      record.article_count(), record.source_count());
}

Evidence AnchorEvidence(const SightingRecord& record) {
  return MakeEvidence(
      record.anchor_first_seen_at(), record.anchor_last_seen_at(),
      record.anchor_article_count(), record.anchor_source_count());
}

}  // namespace

v1::Novelty NoveltyToProto(int kind, const SightingRecord& evidence) {
  v1::Novelty proto;
  proto.set_kind(static_cast<v1::Novelty::Kind>(kind));
  if (evidence.first_seen_at() != 0) {
    SetTimeMicros(evidence.first_seen_at(), proto.mutable_first_seen_at());
  }
  if (evidence.last_seen_at() != 0) {
    SetTimeMicros(evidence.last_seen_at(), proto.mutable_last_seen_at());
  }
  proto.set_article_count(evidence.article_count());
  proto.set_source_count(evidence.source_count());
  if (evidence.has_previous()) {
    *proto.mutable_previous() = AmountToProto(evidence.previous());
  }
  proto.set_anchor_article_count(evidence.anchor_article_count());
  return proto;
}

v1::Alert AlertToProto(const AlertRecord& record, absl::string_view epoch) {
  v1::Alert proto;
  proto.set_sequence(record.sequence());
  proto.set_resume_token(EncodeResumeToken(epoch, record.sequence()));
  proto.set_rule(absl::StrCat("rules/", record.rule()));
  proto.set_rule_revision(record.rule_revision());
  proto.set_article(ArticleName(record.article_source(), record.article_id()));
  proto.set_revision(record.article_revision());
  if (record.has_mention()) {
    *proto.mutable_mention() = MentionToProto(record.mention());
  }
  if (!record.passage().empty()) {
    proto.mutable_passage()->set_text(record.passage());
    proto.mutable_passage()->set_begin(record.passage_begin());
    proto.mutable_passage()->set_end(record.passage_end());
  }
  *proto.mutable_novelty() =
      NoveltyToProto(record.novelty(), record.evidence());
  proto.set_urgency(record.urgency());
  proto.set_source(record.article_source());
  proto.set_language(record.language());
  proto.set_headline(record.headline());
  proto.set_uri(record.uri());
  SetTimeMicros(record.event_time(), proto.mutable_event_time());
  SetTimeMicros(record.create_time(), proto.mutable_create_time());
  if (record.quiet_until() != 0) {
    SetTimeMicros(record.quiet_until(), proto.mutable_quiet_until());
  }
  if (record.has_anchor()) {
    *proto.mutable_anchor() = EntityToProto(record.anchor());
    if (proto.mention().has_amount()) {
      proto.mutable_mention()->set_anchor(proto.anchor().name());
    }
  }
  *proto.mutable_labels() = record.labels();
  proto.set_alert_headline(record.alert_headline());
  *proto.mutable_confirmed_by() = record.confirmed_by();
  return proto;
}

AlertFeed::Encoder MakeAlertEncoder(std::string epoch) {
  return [epoch = std::move(epoch)](const AlertRecord& record) {
    using google::protobuf::internal::WireFormatLite;
    using google::protobuf::io::CodedOutputStream;
    const v1::Alert alert = AlertToProto(record, epoch);
    const uint32_t tag =
        WireFormatLite::MakeTag(v1::WatchAlertsResponse::kAlertsFieldNumber,
                                WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
    const auto size = static_cast<uint32_t>(alert.ByteSizeLong());
    const size_t head = CodedOutputStream::VarintSize32(tag) +
                        CodedOutputStream::VarintSize32(size);
    std::string encoded(head + size, '\0');
    auto* out = reinterpret_cast<uint8_t*>(encoded.data());
    out = CodedOutputStream::WriteVarint32ToArray(tag, out);
    out = CodedOutputStream::WriteVarint32ToArray(size, out);
    alert.SerializeWithCachedSizesToArray(out);
    return encoded;
  };
}

absl::StatusOr<AlertMatcher> MakeAlertMatcher(const std::string& filter) {
  TOCSIN_ASSIGN_OR_RETURN(const auto compiled,
                          CompileFilter(filter, FilterPlace::kAlert));
  return [compiled](const AlertRecord& record) {
    return compiled == nullptr ||
           compiled->Matches(AlertSubject(record).subject());
  };
}

AlertSubject::AlertSubject(const AlertRecord& record) {
  for (const auto& [key, value] : record.labels()) {
    labels_.emplace_back(key, value);
  }
  subject_.source = record.article_source();
  subject_.id = record.article_id();
  subject_.uri = record.uri();
  subject_.language = record.language();
  subject_.headline = record.headline();
  subject_.revision = record.article_revision();
  subject_.event_time = absl::FromUnixMicros(record.event_time());
  subject_.rule = record.rule();
  subject_.urgency = record.urgency();
  subject_.novelty = static_cast<NoveltyKind>(record.novelty());
  subject_.labels = labels_;
  if (record.mention().has_entity()) {
    subject_.entity =
        ViewOf(record.mention().entity(), OwnEvidence(record.evidence()));
  } else if (record.mention().has_amount()) {
    subject_.amount =
        ViewOf(record.mention().amount(), OwnEvidence(record.evidence()),
               record.evidence().has_previous());
    if (record.has_anchor()) {
      subject_.entity =
          ViewOf(record.anchor(), AnchorEvidence(record.evidence()));
    }
  }
}

}  // namespace tocsin
