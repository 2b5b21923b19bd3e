// tocsin subscriptions
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/alert_text.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/list_options.h"
#include "cli/pages.h"
#include "cli/resource_name.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_text.h"
#include "cli/watch_position.h"
#include "tocsin/v1/alert_service.grpc.pb.h"

namespace tocsin::cli {
namespace {

using Stub = v1::AlertService::Stub;

constexpr char kExamples[] =
    "  tocsin subscriptions create desk --filter 'urgency <= 3'\n"
    "  tocsin subscriptions list\n"
    "  tocsin subscriptions seek desk --to 2h\n"
    "  tocsin subscriptions dead-letters desk\n"
    "  tocsin pull desk\n";

constexpr char kPlaces[] =
    "now, oldest, a resume token, a time (RFC 3339, '2025-02-19 14:03', 14:03, "
    "or 2h for two hours ago), or a sequence to start after";

struct Definition {
  std::string name;
  std::string filter;
  std::string from = "now";
  std::string ack_deadline;
  std::string etag;
  int max_outstanding = 0;
  int max_attempts = 0;
  bool ordered = false;
};

std::string SubscriptionText(const v1::Subscription& subscription,
                             const Terminal& out) {
  std::string text = absl::StrCat(
      out.Bold(Printable(ShortSubscriptionName(subscription.name()))), "\n");
  const auto add = [&](absl::string_view label, const std::string& value) {
    if (!value.empty()) {
      absl::StrAppend(&text, "  ", PadRight(label, 14), value, "\n");
    }
  };
  add("filter", Printable(subscription.filter()));
  add("ack deadline", DurationText(ToDuration(subscription.ack_deadline())));
  add("outstanding",
      absl::StrCat(subscription.outstanding_count(), " of at most ",
                   subscription.max_outstanding()));
  add("attempts", subscription.max_attempts() == 0
                      ? "any number"
                      : absl::StrCat("at most ", subscription.max_attempts()));
  add("ordered", subscription.ordered() ? "by rule and key" : "");
  add("consumers", absl::StrCat(subscription.consumer_count()));
  add("behind",
      Counted(static_cast<int64_t>(subscription.lag()), "alert", "alerts"));
  add("dead letters", absl::StrCat(subscription.dead_letter_count()));
  if (subscription.missed_count() > 0) {
    add("lost",
        absl::StrCat(Counted(static_cast<int64_t>(subscription.missed_count()),
                             "alert is", "alerts are"),
                     " no longer kept: seek to go on"));
  }
  add("acked up to", subscription.resume_token());
  add("created", TimeText(subscription.create_time()));
  return text;
}

int Show(Context& context, const v1::Subscription& subscription) {
  context.out.Print(context.json ? ToJson(subscription) + "\n"
                                 : SubscriptionText(subscription, context.out));
  return kOk;
}

// The fields that were given; the others are the daemon's defaults.
absl::Status Fill(const Definition& given, v1::Subscription& subscription) {
  subscription.set_filter(given.filter);
  if (!given.ack_deadline.empty()) {
    CLI_ASSIGN_OR_RETURN(const absl::Duration deadline,
                         ParseDuration(given.ack_deadline));
    *subscription.mutable_ack_deadline() = ToDurationProto(deadline);
  }
  subscription.set_max_outstanding(given.max_outstanding);
  subscription.set_max_attempts(given.max_attempts);
  subscription.set_ordered(given.ordered);
  subscription.set_etag(given.etag);
  return absl::OkStatus();
}

absl::StatusOr<int> RunCreate(Context& context, const Definition& given) {
  v1::CreateSubscriptionRequest request;
  request.set_subscription_id(ShortSubscriptionName(given.name));
  CLI_RETURN_IF_ERROR(Fill(given, *request.mutable_subscription()));
  if (const auto start =
          ParseStart(given.from, absl::Now(), absl::LocalTimeZone())) {
    *request.mutable_start() = *start;
  }
  CLI_ASSIGN_OR_RETURN(
      const v1::Subscription created,
      context.Connect().Call(&Stub::CreateSubscription, request, given.filter));
  return Show(context, created);
}

absl::StatusOr<int> RunUpdate(Context& context, const Definition& given,
                              const std::vector<std::string>& changed) {
  if (changed.empty()) {
    return absl::InvalidArgumentError(
        "nothing to change: give --ack-deadline, --max-outstanding or "
        "--max-attempts");
  }
  v1::UpdateSubscriptionRequest request;
  CLI_RETURN_IF_ERROR(Fill(given, *request.mutable_subscription()));
  request.mutable_subscription()->set_name(SubscriptionName(given.name));
  for (const std::string& path : changed) {
    request.mutable_update_mask()->add_paths(path);
  }
  CLI_ASSIGN_OR_RETURN(
      const v1::Subscription updated,
      context.Connect().Call(&Stub::UpdateSubscription, request));
  return Show(context, updated);
}

absl::StatusOr<int> RunList(Context& context) {
  Table table({{"subscription"},
               {"behind", true},
               {"outstanding", true},
               {"dead letters", true},
               {"consumers", true},
               {"filter", false, true}});
  CLI_RETURN_IF_ERROR(
      ForEachPage(
          context.Connect(), &Stub::ListSubscriptions,
          v1::ListSubscriptionsRequest(), 0, "",
          [](const auto& page) { return page.subscriptions_size(); },
          [&](const v1::ListSubscriptionsResponse& page) {
            for (const v1::Subscription& one : page.subscriptions()) {
              if (context.json) {
                context.out.Print(ToJson(one) + "\n");
                continue;
              }
              table.Add(
                  {Printable(ShortSubscriptionName(one.name())) +
                       (one.missed_count() > 0 ? " (lost its place)" : ""),
                   absl::StrCat(one.lag()),
                   absl::StrCat(one.outstanding_count()),
                   absl::StrCat(one.dead_letter_count()),
                   absl::StrCat(one.consumer_count()),
                   Printable(one.filter())});
            }
            return context.out.Flush();
          })
          .status());
  if (context.json) return kOk;
  if (table.empty()) {
    context.out.Note(
        "No subscriptions: `tocsin subscriptions create NAME` makes one.");
  } else {
    context.out.Print(table.Render(context.out.width()));
  }
  return kOk;
}

absl::StatusOr<int> RunGet(Context& context, const std::string& name) {
  v1::GetSubscriptionRequest request;
  request.set_name(SubscriptionName(name));
  CLI_ASSIGN_OR_RETURN(const v1::Subscription subscription,
                       context.Connect().Call(&Stub::GetSubscription, request));
  return Show(context, subscription);
}

absl::StatusOr<int> RunDelete(Context& context, const std::string& name) {
  v1::DeleteSubscriptionRequest request;
  request.set_name(SubscriptionName(name));
  CLI_RETURN_IF_ERROR(
      context.Connect().Call(&Stub::DeleteSubscription, request).status());
  if (!context.json) {
    context.out.Print(
        absl::StrCat("deleted ", ShortSubscriptionName(name), "\n"));
  }
  return kOk;
}

absl::StatusOr<int> RunSeek(Context& context, const std::string& name,
                            const std::string& to) {
  v1::SeekSubscriptionRequest request;
  request.set_name(SubscriptionName(name));
  if (const auto start = ParseStart(to, absl::Now(), absl::LocalTimeZone())) {
    *request.mutable_position() = *start;
  }
  CLI_ASSIGN_OR_RETURN(
      const v1::Subscription subscription,
      context.Connect().Call(&Stub::SeekSubscription, request));
  return Show(context, subscription);
}

absl::StatusOr<int> RunDeadLetters(Context& context, const std::string& name,
                                   const ListOptions& options) {
  v1::ListDeadLettersRequest request;
  request.set_name(SubscriptionName(name));
  CLI_ASSIGN_OR_RETURN(
      const bool more,
      ForEachPage(
          context.Connect(), &Stub::ListDeadLetters, request, options.limit, "",
          [](const auto& page) { return page.dead_letters_size(); },
          [&](const v1::ListDeadLettersResponse& page) {
            for (const v1::DeadLetter& letter : page.dead_letters()) {
              if (context.json) {
                context.out.Print(ToJson(letter) + "\n");
                continue;
              }
              context.out.Print(absl::StrCat(
                  AlertText(letter.alert(), context.out), "  ",
                  context.out.Dim(absl::StrCat(
                      "alert ", letter.alert().sequence(), ", given up after ",
                      Counted(letter.attempts(), "attempt", "attempts"),
                      letter.replaying() ? ", due again" : "")),
                  "\n\n"));
            }
            return context.out.Flush();
          }));
  NoteMore(context, options, more);
  return kOk;
}

absl::StatusOr<int> RunReplay(Context& context, const std::string& name,
                              const std::vector<uint64_t>& sequences) {
  v1::ReplayDeadLettersRequest request;
  request.set_name(SubscriptionName(name));
  for (const uint64_t sequence : sequences) request.add_sequences(sequence);
  CLI_ASSIGN_OR_RETURN(
      const v1::ReplayDeadLettersResponse response,
      context.Connect().Call(&Stub::ReplayDeadLetters, request));
  context.out.Print(context.json
                        ? ToJson(response) + "\n"
                        : absl::StrCat(Counted(response.replayed_count(),
                                               "dead letter is due again",
                                               "dead letters are due again"),
                                       "\n"));
  return kOk;
}

// A subcommand about one subscription, with its name as the first argument.
CLI::App* AddNamed(CLI::App& parent, const std::string& command,
                   const std::string& description, const std::string& example,
                   std::string& name) {
  CLI::App* const added = AddCommand(
      parent, command, description,
      absl::StrCat("  tocsin subscriptions ", command, " desk", example, "\n"));
  added->add_option("name", name, "The subscription's name")->required();
  return added;
}

void AddLimits(CLI::App& command, Definition& given) {
  command
      .add_option("--ack-deadline", given.ack_deadline,
                  "An alert that is not acked for so long comes again, such as "
                  "30s")
      ->type_name("TIME");
  command
      .add_option("--max-outstanding", given.max_outstanding,
                  "At most so many alerts are sent and not acked")
      ->type_name("N")
      ->check(AtLeast(1));
  command
      .add_option("--max-attempts", given.max_attempts,
                  "After so many an alert is a dead letter; 0: never")
      ->type_name("N")
      ->check(AtLeast(0));
}

void AddCreate(CLI::App& parent, Context& context) {
  auto given = std::make_shared<Definition>();
  CLI::App* command =
      AddNamed(parent, "create", "Makes a subscription",
               " --filter 'urgency <= 3' --max-attempts 5", given->name);
  command
      ->add_option("--filter", given->filter,
                   "Only alerts that match; cannot be changed later")
      ->type_name("FILTER");
  command->add_option("--from", given->from, absl::StrCat("Begin at ", kPlaces))
      ->type_name("PLACE")
      ->capture_default_str();
  command->add_flag("--ordered", given->ordered,
                    "One alert of a rule and key at a time, in order");
  AddLimits(*command, *given);
  command->callback([given, &context] {
    context.run = [given, &context] { return RunCreate(context, *given); };
  });
}

void AddUpdate(CLI::App& parent, Context& context) {
  auto given = std::make_shared<Definition>();
  CLI::App* command = AddNamed(parent, "update", "Changes a subscription",
                               " --ack-deadline 1m", given->name);
  AddLimits(*command, *given);
  command
      ->add_option("--etag", given->etag,
                   "Only if it is still this one, as `get --json` says")
      ->type_name("ETAG");
  command->callback([given, command, &context] {
    std::vector<std::string> changed;
    for (const auto& [option, path] :
         {std::pair("--ack-deadline", "ack_deadline"),
          std::pair("--max-outstanding", "max_outstanding"),
          std::pair("--max-attempts", "max_attempts")}) {
      if (command->count(option) > 0) changed.emplace_back(path);
    }
    context.run = [given, changed, &context] {
      return RunUpdate(context, *given, changed);
    };
  });
}

void AddSeek(CLI::App& parent, Context& context) {
  auto name = std::make_shared<std::string>();
  auto to = std::make_shared<std::string>();
  CLI::App* command = AddNamed(
      parent, "seek", "Moves a subscription; what is outstanding is forgotten",
      " --to oldest", *name);
  command->add_option("--to", *to, absl::StrCat("Go on at ", kPlaces))
      ->type_name("PLACE")
      ->required();
  command->callback([name, to, &context] {
    context.run = [name, to, &context] { return RunSeek(context, *name, *to); };
  });
}

void AddLetters(CLI::App& parent, Context& context) {
  auto name = std::make_shared<std::string>();
  auto options = std::make_shared<ListOptions>();
  CLI::App* command =
      AddNamed(parent, "dead-letters",
               "Shows the alerts that a subscription gave up on", "", *name);
  command->add_option("--limit", options->limit, "So many at most; 0: all")
      ->type_name("N")
      ->check(AtLeast(0))
      ->capture_default_str();
  command->callback([name, options, &context] {
    context.run = [name, options, &context] {
      return RunDeadLetters(context, *name, *options);
    };
  });
  auto replayed = std::make_shared<std::string>();
  auto sequences = std::make_shared<std::vector<uint64_t>>();
  CLI::App* replay =
      AddNamed(parent, "replay", "Makes dead letters due again, all or some",
               " 17 18", *replayed);
  replay->add_option("sequences", *sequences, "Of the alerts; none: all")
      ->type_name("SEQUENCE");
  replay->callback([replayed, sequences, &context] {
    context.run = [replayed, sequences, &context] {
      return RunReplay(context, *replayed, *sequences);
    };
  });
}

}  // namespace

void AddSubscriptionsCommand(CLI::App& app, Context& context) {
  CLI::App* parent =
      AddCommand(app, "subscriptions",
                 "Shows, makes and moves durable subscriptions", kExamples);
  parent->require_subcommand(1);
  CLI::App* list = AddCommand(*parent, "list", "Lists the subscriptions",
                              "  tocsin subscriptions list\n");
  list->callback(
      [&context] { context.run = [&context] { return RunList(context); }; });
  AddCreate(*parent, context);
  const auto add = [&](const std::string& command,
                       const std::string& description,
                       absl::StatusOr<int> (*run)(Context&,
                                                  const std::string&)) {
    auto name = std::make_shared<std::string>();
    AddNamed(*parent, command, description, "", *name)
        ->callback([name, run, &context] {
          context.run = [name, run, &context] { return run(context, *name); };
        });
  };
  add("get", "Shows a subscription", RunGet);
  AddUpdate(*parent, context);
  add("delete", "Deletes a subscription and its dead letters", RunDelete);
  AddSeek(*parent, context);
  AddLetters(*parent, context);
}

}  // namespace tocsin::cli
