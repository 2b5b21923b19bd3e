#include "pipeline/name_book.h"

#include <algorithm>
#include <future>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "detect/name_lists.h"
#include "storage/snapshot.h"
#include "text/fold.h"

namespace tocsin {
namespace {

bool ById(const NameRecord& a, const NameRecord& b) { return a.id() < b.id(); }

absl::Status CheckForm(absl::string_view form) {
  if (form.empty()) return absl::InvalidArgumentError("is empty");
  if (form.size() > kMaxFormBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("is longer than ", kMaxFormBytes, " bytes"));
  }
  if (std::any_of(form.begin(), form.end(),
                  [](unsigned char c) { return absl::ascii_iscntrl(c); })) {
    return absl::InvalidArgumentError("has a control character");
  }
  if (absl::StripAsciiWhitespace(form) != form) {
    return absl::InvalidArgumentError("begins or ends with a space");
  }
  return NameLists::CheckForm(form);
}

// Completes the id. What is wrong is said of a field of the name.
absl::Status CheckName(NameRecord& name) {
  const auto in = [](absl::string_view field, const absl::Status& status) {
    return status.ok() ? status
                       : absl::InvalidArgumentError(
                             absl::StrCat(field, ": ", status.message()));
  };
  TOCSIN_RETURN_IF_ERROR(in("display_name", CheckForm(name.display_name())));
  if (name.id().empty()) name.set_id(Fold(name.display_name()));
  if (const std::string id = Fold(name.id()); id != name.id()) {
    return in("id",
              absl::InvalidArgumentError(absl::StrCat(
                  "`", name.id().substr(0, kMaxFormBytes),
                  "` must be small letters, digits and hyphens",
                  id.empty() ? "" : absl::StrCat(", such as `", id, "`"))));
  }
  if (name.type() == static_cast<int>(EntityType::kUnspecified)) {
    return in("type", absl::InvalidArgumentError("is not set"));
  }
  if (static_cast<size_t>(name.aliases_size()) > kMaxAliases) {
    return in("aliases", absl::InvalidArgumentError(
                             absl::StrCat("has more than ", kMaxAliases)));
  }
  for (int i = 0; i < name.aliases_size(); ++i) {
    absl::string_view form = name.aliases(i);
    absl::ConsumePrefix(&form, "~");
    TOCSIN_RETURN_IF_ERROR(
        in(absl::StrCat("aliases[", i, "]"), CheckForm(form)));
  }
  return absl::OkStatus();
}

// One form cannot lead to two names.
absl::Status CheckNames(std::vector<NameRecord>& names) {
  if (names.size() > kMaxOwnNames) {
    return absl::InvalidArgumentError(
        absl::StrCat("names: at most ", kMaxOwnNames, " are taken"));
  }
  absl::flat_hash_map<std::string, size_t> ids;
  absl::flat_hash_map<std::string, size_t> forms;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string field = absl::StrCat("names[", i, "]");
    if (absl::Status status = CheckName(names[i]); !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, ".", status.message()));
    }
    if (const auto [it, is_new] = ids.try_emplace(names[i].id(), i); !is_new) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, ".id: `", names[i].id(), "` is that of names[",
                       it->second, "] already"));
    }
    const auto take = [&](absl::string_view form, absl::string_view where) {
      absl::ConsumePrefix(&form, "~");
      const auto [it, is_new] = forms.try_emplace(form, i);
      if (is_new || it->second == i) return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat(field, ".", where, ": `", form, "` is a form of names[",
                       it->second, "] already"));
    };
    TOCSIN_RETURN_IF_ERROR(take(names[i].display_name(), "display_name"));
    for (int a = 0; a < names[i].aliases_size(); ++a) {
      TOCSIN_RETURN_IF_ERROR(
          take(names[i].aliases(a), absl::StrCat("aliases[", a, "]")));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Analyzer>> Compile(
    const LexiconOptions& options, absl::Span<const NameRecord> names) {
  std::vector<OwnName> own;
  own.reserve(names.size());
  for (const NameRecord& name : names) {
    own.push_back({name.id(),
                   name.display_name(),
                   static_cast<EntityType>(name.type()),
                   {name.aliases().begin(), name.aliases().end()}});
  }
  TOCSIN_ASSIGN_OR_RETURN(auto lexicon, Lexicon::Load(options));
  return Analyzer::Create(std::move(lexicon), own);
}

bool Same(const NameRecord& a, const NameRecord& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

// Both by id.
NameChanges Compare(absl::Span<const NameRecord> before,
                    absl::Span<const NameRecord> after) {
  NameChanges changes;
  auto old = before.begin();
  for (const NameRecord& name : after) {
    for (; old != before.end() && old->id() < name.id(); ++old) {
      ++changes.deleted;
    }
    if (old == before.end() || old->id() != name.id()) {
      ++changes.created;
      continue;
    }
    ++(Same(*old, name) ? changes.unchanged : changes.updated);
    ++old;
  }
  changes.deleted += static_cast<size_t>(before.end() - old);
  return changes;
}

}  // namespace

NameBook::NameBook(LexiconOptions lexicon, std::vector<NameRecord> names,
                   std::shared_ptr<const Analyzer> analyzer)
    : lexicon_(std::move(lexicon)),
      names_(std::move(names)),
      analyzer_(std::move(analyzer)) {}

absl::StatusOr<std::unique_ptr<NameBook>> NameBook::Create(
    const Store& store, LexiconOptions lexicon) {
  TOCSIN_ASSIGN_OR_RETURN(std::vector<NameRecord> names,
                          store.GetSnapshot().LoadNames());
  TOCSIN_ASSIGN_OR_RETURN(auto analyzer, Compile(lexicon, names));
  return std::unique_ptr<NameBook>(
      new NameBook(std::move(lexicon), std::move(names), std::move(analyzer)));
}

std::shared_ptr<const Analyzer> NameBook::analyzer() const {
  MutexLock lock(mu_);
  return analyzer_;
}

absl::StatusOr<NameChanges> NameBook::Apply(Sequencer& sequencer,
                                            std::vector<NameRecord> names,
                                            bool validate_only) {
  TOCSIN_RETURN_IF_ERROR(CheckNames(names));
  std::sort(names.begin(), names.end(), ById);
  MutexLock change(change_mu_);
  NameChanges changes;
  {
    MutexLock lock(mu_);
    changes = Compare(names_, names);
  }
  if (!changes.any() || validate_only) return changes;
  TOCSIN_ASSIGN_OR_RETURN(auto analyzer, Compile(lexicon_, names));
  std::promise<absl::Status> durable;
  sequencer.Submit(NamesCommand{names}, [&](const CommandResult& result) {
    durable.set_value(result.status);
  });
  TOCSIN_RETURN_IF_ERROR(durable.get_future().get());
  // What was is let go outside the lock: taking it apart takes a while.
  MutexLock lock(mu_);
  names_.swap(names);
  analyzer_.swap(analyzer);
  return changes;
}

std::vector<NameRecord> NameBook::List(absl::string_view after,
                                       size_t limit) const {
  MutexLock lock(mu_);
  const auto first =
      std::upper_bound(names_.begin(), names_.end(), after,
                       [](absl::string_view id, const NameRecord& name) {
                         return id < name.id();
                       });
  const auto count = std::min(limit, static_cast<size_t>(names_.end() - first));
  return {first, first + static_cast<ptrdiff_t>(count)};
}

}  // namespace tocsin
