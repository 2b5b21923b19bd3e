#include "cli/list_options.h"

#include "absl/strings/str_cat.h"

namespace tocsin::cli {

void ListOptions::Register(CLI::App& command) {
  command.add_option("--filter", filter, "Only those that match")
      ->type_name("FILTER");
  command.add_option("--limit", limit, "The first so many; 0 for all")
      ->type_name("N")
      ->check(AtLeast(0))
      ->capture_default_str();
}

void FinishTable(Context& context, const Table& table,
                 const ListOptions& options, bool more) {
  if (!context.json) {
    if (table.empty()) {
      context.out.Note(options.filter.empty() ? "None yet." : "None matches.");
    } else {
      context.out.Print(table.Render(context.out.width()));
    }
  }
  NoteMore(context, options, more);
}

void NoteMore(const Context& context, const ListOptions& options, bool more) {
  if (!more || context.json || options.limit == 0) return;
  context.out.Note(absl::StrCat("There are more than these ", options.limit,
                                "; --limit 0 shows all."));
}

}  // namespace tocsin::cli
