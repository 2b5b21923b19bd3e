// Durable subscriptions, their cursors and dead letters.
#include "absl/strings/str_cat.h"
#include "storage/check_context.h"

namespace tocsin {

void CheckSubscription(CheckContext& context, absl::string_view key,
                       absl::string_view value) {
  SubscriptionRecord subscription;
  if (!Parse(context, Family::kSubscriptions, key, value, subscription)) return;
  if (!context.Exists(Family::kCursors, key)) {
    context.Found(Family::kSubscriptions, key, "has no cursor");
  }
}

void CheckCursor(CheckContext& context, absl::string_view key,
                 absl::string_view value) {
  CursorRecord cursor;
  if (!Parse(context, Family::kCursors, key, value, cursor)) return;
  if (!context.Exists(Family::kSubscriptions, key)) {
    context.Found(Family::kCursors, key, "belongs to no subscription");
  }
  if (cursor.position() > context.state.last_sequence() ||
      cursor.unsettled_size() != cursor.attempts_size() ||
      cursor.replayed_size() != cursor.replay_attempts_size()) {
    context.Found(
        Family::kCursors, key,
        absl::StrCat("does not add up, at position ", cursor.position()));
  }
}

void CheckLetter(CheckContext& context, absl::string_view key,
                 absl::string_view value) {
  DeadLetterRecord letter;
  if (!Parse(context, Family::kLetters, key, value, letter)) return;
  const auto parts = ParseLetterKey(key);
  if (!parts.has_value() || letter.alert().sequence() != parts->sequence ||
      !context.Exists(Family::kSubscriptions, parts->subscription)) {
    context.Found(Family::kLetters, key,
                  "is of no subscription, or holds another alert");
  }
}

}  // namespace tocsin
