// tocsin ingest
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/article_reader.h"
#include "cli/command.h"
#include "cli/drop_folder.h"
#include "cli/ingest_report.h"
#include "cli/ingest_stream.h"
#include "cli/input_options.h"
#include "cli/interrupt.h"
#include "cli/status.h"
#include "cli/text.h"

namespace tocsin::cli {
namespace {

constexpr char kDescription[] =
    "Takes articles in: text files, JSON Lines, directories, standard input\n"
    "\n"
    "A text file is one article: its id is the file's name without extension; "
    "its first line is the headline if it is short and a blank line follows. "
    "JSON Lines (.jsonl, .ndjson, .json) hold an article a line, with the "
    "fields id, source, uri, language, published_at, updated_at, "
    "embargo_until, urgency, byline, headline and body. What is acked is on "
    "disk; an article sent twice changes nothing.";

constexpr char kExamples[] =
    "  tocsin ingest news/*.txt --source ew\n"
    "  tocsin ingest archive/ --suppress-alerts   load an archive silently\n"
    "  curl -s https://example.org/feed.jsonl | tocsin ingest -\n"
    "  tocsin ingest --follow /srv/drop           take in what is dropped "
    "there\n";

struct IngestOptions {
  InputOptions input;
  std::string follow;
  bool suppress_alerts = false;
};

// What is to be done with a dropped file, the gravest last.
enum class Fate { kDone, kRejected, kRetry };

// Whether an article may be taken another time, because the fault is not its
// own.
bool MaySucceedLater(const v1::IngestResult& result) {
  const auto code = static_cast<absl::StatusCode>(result.error().code());
  return result.outcome() == v1::IngestResult::REJECTED &&
         (code == absl::StatusCode::kResourceExhausted ||
          code == absl::StatusCode::kUnavailable ||
          code == absl::StatusCode::kInternal);
}

class Ingest {
 public:
  Ingest(Context& context, const IngestOptions& options)
      : context_(context),
        options_(options),
        connection_(context.Connect()),
        report_(context.out, context.json, absl::Now()),
        stream_(connection_, context.out,
                {.suppress_alerts = options.suppress_alerts,
                 .retry_for = options.follow.empty() ? absl::Seconds(30)
                                                     : absl::InfiniteDuration(),
                 .wait_for_daemon = !options.follow.empty()},
                [this](const Origin& origin, const v1::IngestResult& result) {
                  report_.Add(origin, result, absl::Now());
                  if (result.outcome() == v1::IngestResult::REJECTED) {
                    Seal(origin, MaySucceedLater(result) ? Fate::kRetry
                                                         : Fate::kRejected);
                  }
                }) {}

  absl::StatusOr<int> Run() {
    absl::Status status = options_.follow.empty()
                              ? TakeAll(options_.input.paths)
                              : Follow(options_.follow);
    if (status.ok()) status = stream_.Settle();
    // What was sent before an interrupt is worth waiting for.
    if (Interrupt::Requested()) status = stream_.Settle();
    context_.out.ClearProgress();
    if (!status.ok() && report_.total() == 0) return status;
    if (!context_.json) {
      context_.out.Print(report_.Summary(absl::Now()) + "\n");
    } else if (report_.rejected() > 0) {
      context_.out.Note(report_.Summary(absl::Now()));
    }
    if (!status.ok() && !absl::IsCancelled(status)) return NotAcked(status);
    if (Interrupt::Requested()) return Interrupt::ExitCode();
    return report_.rejected() > 0 ? kPartial : kOk;
  }

 private:
  absl::Status NotAcked(const absl::Status& status) const {
    return absl::Status(
        status.code(),
        absl::StrCat(status.message(),
                     "\nThe counts above are of what was acked. Run the same "
                     "command again: what is stored is recognised."));
  }

  // Sends all articles of `paths`; their results may be outstanding.
  absl::Status TakeAll(const std::vector<std::string>& paths) {
    bool idle_failed = false;
    absl::Status idle_status;
    CLI_ASSIGN_OR_RETURN(
        ArticleReader reader,
        options_.input.Reader(paths, !options_.follow.empty(), [&] {
          if (!idle_failed) idle_status = stream_.Flush();
          idle_failed = !idle_status.ok();
          report_.ShowProgress(absl::Now(), stream_.outstanding());
          return !idle_failed && !Interrupt::Requested();
        }));
    while (std::optional<Input> input = reader.Next()) {
      if (input->article.ok()) {
        CLI_RETURN_IF_ERROR(
            stream_.Add(std::move(input->origin), *std::move(input->article)));
      } else {
        // In its place among the results.
        CLI_RETURN_IF_ERROR(stream_.Settle());
        Seal(input->origin, Fate::kRejected);
        report_.AddUnreadable(input->origin, input->article.status(),
                              absl::Now());
      }
    }
    CLI_RETURN_IF_ERROR(idle_status);
    if (reader.ignored_count() > 0) {
      context_.out.Note(absl::StrCat(
          "tocsin: left out ", Counted(reader.ignored_count(), "file", "files"),
          " that are not .txt, .md, .jsonl, .ndjson or .json"));
    }
    return absl::OkStatus();
  }

  absl::Status Follow(const std::string& path) {
    CLI_ASSIGN_OR_RETURN(DropFolder folder, DropFolder::Create(path));
    context_.out.Note(absl::StrCat("tocsin: following ", path,
                                   " (files move to .done or .rejected)"));
    while (!Interrupt::Requested()) {
      CLI_ASSIGN_OR_RETURN(const std::vector<DropFolder::File> files,
                           folder.Wait(absl::Milliseconds(200)));
      if (files.empty()) continue;
      CLI_RETURN_IF_ERROR(TakeDropped(folder, files));
      CLI_RETURN_IF_ERROR(context_.out.Flush());
    }
    return absl::OkStatus();
  }

  absl::Status TakeDropped(DropFolder& folder,
                           const std::vector<DropFolder::File>& files) {
    fates_.clear();
    std::vector<std::string> paths;
    for (const DropFolder::File& file : files) paths.push_back(file.path);
    CLI_RETURN_IF_ERROR(TakeAll(paths));
    CLI_RETURN_IF_ERROR(stream_.Settle());
    report_.ShowProgress(absl::Now(), 0);
    for (const DropFolder::File& file : files) {
      const auto fate = fates_.find(file.path);
      if (fate == fates_.end()) {
        CLI_RETURN_IF_ERROR(folder.Done(file));
      } else if (fate->second == Fate::kRejected) {
        CLI_RETURN_IF_ERROR(folder.Rejected(file));
      }
    }
    return absl::OkStatus();
  }

  void Seal(const Origin& origin, Fate fate) {
    Fate& known = fates_.try_emplace(origin.file, Fate::kDone).first->second;
    known = std::max(known, fate);
  }

  Context& context_;
  const IngestOptions& options_;
  const Connection connection_;
  IngestReport report_;
  std::map<std::string, Fate> fates_;  // Of files that are not simply done.
  IngestStream stream_;
};

}  // namespace

void AddIngestCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<IngestOptions>();
  CLI::App* command = AddCommand(app, "ingest", kDescription, kExamples);
  options->input.Register(*command);
  command
      ->add_option("--follow", options->follow,
                   "Take in files as they are dropped into DIR; each is "
                   "moved to DIR/.done or DIR/.rejected")
      ->type_name("DIR");
  command->add_flag("--suppress-alerts", options->suppress_alerts,
                    "Make known what the articles mention, but ring for "
                    "nothing");
  command->callback([options, &context] {
    context.run = [options, &context]() -> absl::StatusOr<int> {
      if (options->follow.empty() == options->input.paths.empty()) {
        return absl::InvalidArgumentError(
            "ingest takes either files, directories and `-` for standard "
            "input, or --follow DIR; see tocsin ingest --help");
      }
      return Ingest(context, *options).Run();
    };
  });
}

}  // namespace tocsin::cli
