#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "rules/config_node.h"
#include "text/utf8.h"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/parser.h"

namespace tocsin {
namespace {

using Kind = ConfigNode::Kind;

// Builds the tree from the parser's events. After an error the rest of the
// events are ignored.
class TreeBuilder : public YAML::EventHandler {
 public:
  absl::StatusOr<ConfigNode> Take() && {
    if (!status_.ok()) return status_;
    return std::move(root_);
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Leaf(mark, anchor, Kind::kNull, "");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Fail(mark, "aliases (`*name`) are not supported; write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    // `?` is plain and `!` quoted; anything else was written out.
    if (tag != "?" && tag != "!" && !tag.empty())
      return Fail(mark, "tags (`!name`) are not supported");
    const bool null =
        tag != "!" && (value.empty() || value == "~" || value == "null");
    Leaf(mark, anchor, null ? Kind::kNull : Kind::kScalar, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Kind::kList);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Kind::kMap);
  }
  void OnMapEnd() override { Close(); }

 private:
  // A list or map that is not closed yet.
  struct Frame {
    ConfigNode node;
    bool has_key = false;  // The key below waits for its value.
    ConfigNode key;
    std::set<std::string> keys;
  };

  void Fail(const YAML::Mark& mark, absl::string_view what) {
    if (!status_.ok()) return;
    status_ = absl::InvalidArgumentError(
        absl::StrCat(mark.line + 1, ":", mark.column + 1, ": ", what));
  }

  static ConfigNode MakeNode(const YAML::Mark& mark, Kind kind) {
    ConfigNode node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void Leaf(const YAML::Mark& mark, YAML::anchor_t anchor, Kind kind,
            const std::string& value) {
    if (anchor != 0) return Fail(mark, "anchors (`&name`) are not supported");
    ConfigNode node = MakeNode(mark, kind);
    if (kind == Kind::kScalar) node.scalar = value;
    Add(mark, std::move(node));
  }

  void Open(const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor, Kind kind) {
    ++open_;
    if (!status_.ok()) return;
    if (anchor != 0) return Fail(mark, "anchors (`&name`) are not supported");
    if (tag != "?" && tag != "!" && !tag.empty())
      return Fail(mark, "tags (`!name`) are not supported");
    if (open_ > kMaxConfigDepth)
      return Fail(mark, absl::StrCat("nested deeper than ", kMaxConfigDepth,
                                     " levels"));
    if (!frames_.empty() && frames_.back().node.kind == Kind::kMap &&
        !frames_.back().has_key)
      return Fail(mark, "a key must be text");
    frames_.emplace_back();
    frames_.back().node = MakeNode(mark, kind);
  }

  void Close() {
    --open_;
    if (!status_.ok()) return;
    ConfigNode node = std::move(frames_.back().node);
    frames_.pop_back();
    Add({}, std::move(node));
  }

  void Add(const YAML::Mark& mark, ConfigNode node) {
    if (!status_.ok()) return;
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.kind == Kind::kList) {
      frame.node.list.push_back(std::move(node));
    } else if (frame.has_key) {
      frame.node.map.push_back({std::move(frame.key), std::move(node)});
      frame.has_key = false;
    } else if (node.kind != Kind::kScalar) {
      Fail(mark, "a key must be text");
    } else if (!frame.keys.insert(node.scalar).second) {
      Fail(mark, absl::StrCat("`", node.scalar, "` stands twice"));
    } else {
      frame.key = std::move(node);
      frame.has_key = true;
    }
  }

  absl::Status status_;
  ConfigNode root_;
  std::vector<Frame> frames_;
  int open_ = 0;
};

}  // namespace

absl::StatusOr<ConfigNode> ParseYaml(absl::string_view text) {
  if (text.size() > kMaxYamlBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "1:1: a YAML file has at most ", kMaxYamlBytes >> 20,
        " MiB; write large sets as JSON Lines, a rule a line (.jsonl)"));
  }
  if (!IsValidUtf8(text)) return absl::InvalidArgumentError("1:1: not UTF-8");
  TreeBuilder builder;
  // yaml-cpp throws; nothing of it goes further than this.
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) return ConfigNode{};
    absl::StatusOr<ConfigNode> root = std::move(builder).Take();
    TreeBuilder second;
    if (root.ok() && parser.HandleNextDocument(second))
      return absl::InvalidArgumentError(
          "1:1: more than one document (`---`) in a file");
    return root;
  } catch (const YAML::Exception& e) {
    return absl::InvalidArgumentError(
        absl::StrCat(e.mark.line + 1, ":", e.mark.column + 1, ": ", e.msg));
  }
}

}  // namespace tocsin
