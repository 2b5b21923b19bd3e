// analyze_jsonl: articles as JSON Lines on stdin, what analysis finds in them
// as JSON Lines on stdout (the format of `tocsin analyze`). Needs no daemon.
//
//   analyze_jsonl --data DIR [--no-curated] [--identify]
//
// --identify forgets the language that an article carries and reports the one
// that was identified.
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "detect/analyzer.h"
#include "lexicon/lexicon.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

const char* TypeName(EntityType type) {
  switch (type) {
    case EntityType::kPerson:
      return "PERSON";
    case EntityType::kOrganization:
      return "ORGANIZATION";
    case EntityType::kPlace:
      return "PLACE";
    case EntityType::kProduct:
      return "PRODUCT";
    case EntityType::kWork:
      return "WORK";
    case EntityType::kEvent:
      return "EVENT";
    case EntityType::kOther:
      return "OTHER";
    case EntityType::kUnspecified:
      break;
  }
  return "TYPE_UNSPECIFIED";
}

const char* KindName(AmountKind kind) {
  switch (kind) {
    case AmountKind::kMoney:
      return "MONEY";
    case AmountKind::kPercent:
      return "PERCENT";
    case AmountKind::kCount:
      return "COUNT";
    case AmountKind::kUnspecified:
      break;
  }
  return "KIND_UNSPECIFIED";
}

Json ToJson(const Entity& entity) {
  return {{"name", "entities/" + entity.key},
          {"displayName", entity.display_name},
          {"type", TypeName(entity.type)},
          {"listed", entity.listed}};
}

Json ToJson(const Amount& amount) {
  Json json = {{"kind", KindName(amount.kind)},
               {"unit", amount.unit},
               {"low", amount.low.value},
               {"high", amount.high.value}};
  if (amount.approximate) json["approximate"] = true;
  if (amount.bound == AmountBound::kAtLeast) json["bound"] = "AT_LEAST";
  if (amount.bound == AmountBound::kAtMost) json["bound"] = "AT_MOST";
  if (amount.vague) json["vague"] = true;
  return json;
}

Json ToJson(const Mention& mention, const Analysis& analysis) {
  const char* field =
      mention.span.field == Field::kHeadline ? "HEADLINE" : "BODY";
  Json json = {{"span",
                {{"field", field},
                 {"begin", mention.span.begin},
                 {"end", mention.span.end}}},
               {"surface", mention.surface}};
  if (mention.entity >= 0) {
    json["entity"] =
        ToJson(analysis.entities[static_cast<size_t>(mention.entity)]);
    return json;
  }
  const Amount& amount = analysis.amounts[static_cast<size_t>(mention.amount)];
  json["amount"] = ToJson(amount);
  if (amount.anchor >= 0) {
    json["anchor"] =
        "entities/" + analysis.entities[static_cast<size_t>(amount.anchor)].key;
  }
  return json;
}

std::string Field(const nlohmann::json& json, const char* key) {
  const auto it = json.find(key);
  return it != json.end() && it->is_string() ? it->get<std::string>() : "";
}

int Run(const LexiconOptions& options, bool identify) {
  auto lexicon = Lexicon::Load(options);
  if (!lexicon.ok()) {
    std::cerr << lexicon.status().message() << "\n";
    return EXIT_FAILURE;
  }
  auto analyzer = Analyzer::Create(*std::move(lexicon));
  if (!analyzer.ok()) {
    std::cerr << analyzer.status().message() << "\n";
    return EXIT_FAILURE;
  }
  int line_number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++line_number;
    if (line.empty()) continue;
    const auto json = nlohmann::json::parse(line, nullptr,
                                            /*allow_exceptions=*/false);
    if (!json.is_object()) {
      std::cerr << "stdin:" << line_number << ": not a JSON object\n";
      return EXIT_FAILURE;
    }
    Article article;
    article.source = "eval";
    article.id = Field(json, "id");
    if (!identify) article.language = Field(json, "language");
    article.headline = Field(json, "headline");
    article.body = Field(json, "body");
    const Analysis analysis = (*analyzer)->Analyze(article);
    Json mentions = Json::array();
    for (const Mention& mention : analysis.mentions) {
      mentions.push_back(ToJson(mention, analysis));
    }
    std::cout << Json{{"articleId", article.id},
                      {"language", analysis.language},
                      {"mentions", mentions}}
              << "\n";
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  tocsin::LexiconOptions options;
  bool identify = false;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--data" && i + 1 < argc) {
      options.data_dir = argv[++i];
    } else if (arg == "--no-curated") {
      options.include_curated = false;
    } else if (arg == "--identify") {
      identify = true;
    } else {
      std::cerr << "usage: analyze_jsonl --data DIR [--no-curated] "
                   "[--identify] < ARTICLES\n";
      return 2;
    }
  }
  return tocsin::Run(options, identify);
}
