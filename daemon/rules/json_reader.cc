#include <set>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "rules/config_node.h"
#include "text/utf8.h"

namespace tocsin {
namespace {

using Kind = ConfigNode::Kind;
using Json = nlohmann::json;

// Builds the tree from the parser's events; false stops it.
class TreeBuilder : public nlohmann::json_sax<Json> {
 public:
  explicit TreeBuilder(int line) : line_(line) {}

  const std::string& error() const { return error_; }
  ConfigNode Take() { return std::move(root_); }

  bool null() override { return Add(Kind::kNull, ""); }
  bool boolean(bool value) override {
    return Add(Kind::kScalar, value ? "true" : "false");
  }
  bool number_integer(number_integer_t value) override {
    return Add(Kind::kScalar, absl::StrCat(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return Add(Kind::kScalar, absl::StrCat(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return Add(Kind::kScalar, text);
  }
  bool string(string_t& value) override {
    return Add(Kind::kScalar, std::move(value));
  }
  bool binary(binary_t&) override { return Fail("unexpected"); }
  bool start_object(size_t) override { return Open(Kind::kMap); }
  bool end_object() override { return Close(); }
  bool start_array(size_t) override { return Open(Kind::kList); }
  bool end_array() override { return Close(); }
  bool key(string_t& value) override {
    if (!frames_.back().keys.insert(value).second)
      return Fail(absl::StrCat("`", value, "` stands twice"));
    frames_.back().key = std::move(value);
    return true;
  }
  bool parse_error(size_t position, const std::string&,
                   const nlohmann::detail::exception& e) override {
    const absl::string_view what = e.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
    const size_t at = what.find(": ");
    column_ = static_cast<int>(position);
    return Fail(absl::StrCat("not JSON: ", at == absl::string_view::npos
                                               ? what
                                               : what.substr(at + 2)));
  }
  int column() const { return column_; }

 private:
  struct Frame {
    ConfigNode node;
    std::string key;
    std::set<std::string> keys;
  };

  bool Fail(std::string what) {
    if (error_.empty()) error_ = std::move(what);
    return false;
  }
  ConfigNode MakeNode(Kind kind) const {
    ConfigNode node;
    node.kind = kind;
    node.line = line_;
    return node;
  }
  bool Open(Kind kind) {
    if (frames_.size() == static_cast<size_t>(kMaxConfigDepth))
      return Fail(
          absl::StrCat("nested deeper than ", kMaxConfigDepth, " levels"));
    frames_.emplace_back();
    frames_.back().node = MakeNode(kind);
    return true;
  }
  bool Close() {
    ConfigNode node = std::move(frames_.back().node);
    frames_.pop_back();
    return Put(std::move(node));
  }
  bool Add(Kind kind, std::string value) {
    ConfigNode node = MakeNode(kind);
    node.scalar = std::move(value);
    return Put(std::move(node));
  }
  bool Put(ConfigNode node) {
    if (frames_.empty()) {
      root_ = std::move(node);
    } else if (frames_.back().node.kind == Kind::kList) {
      frames_.back().node.list.push_back(std::move(node));
    } else {
      ConfigNode key = MakeNode(Kind::kScalar);
      key.scalar = std::move(frames_.back().key);
      frames_.back().node.map.push_back({std::move(key), std::move(node)});
    }
    return true;
  }

  const int line_;
  int column_ = 1;
  std::string error_;
  ConfigNode root_;
  std::vector<Frame> frames_;
};

}  // namespace

absl::StatusOr<ConfigNode> ParseJsonLine(absl::string_view text, int line) {
  const auto error = [&](int column, absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(line, ":", column, ": ", what));
  };
  if (text.size() > kMaxJsonLineBytes)
    return error(1, absl::StrCat("a line has at most ", kMaxJsonLineBytes >> 10,
                                 " KiB"));
  if (!IsValidUtf8(text)) return error(1, "not UTF-8");
  TreeBuilder builder(line);
  if (!Json::sax_parse(text.begin(), text.end(), &builder))
    return error(builder.column(), builder.error());
  return builder.Take();
}

}  // namespace tocsin
