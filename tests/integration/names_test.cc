// Names of the user's own, and entities that become one.
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon_fixture.h"
#include "gmock/gmock.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kRingForNewEntities[] =
    "rules:\n"
    "  - name: new-name\n"
    "    filter: new(entity)\n";

v1::ListedName Name(const std::string& id, const std::string& display_name,
                    std::initializer_list<std::string> aliases = {}) {
  v1::ListedName name;
  name.set_id(id);
  name.set_display_name(display_name);
  name.set_type(v1::Entity::ORGANIZATION);
  for (const std::string& alias : aliases) name.add_aliases(alias);
  return name;
}

class NamesTest : public DaemonTest {
 protected:
  NamesTest() {
    WriteFile("rules.yaml", kRingForNewEntities);
    config_.rules = Path("rules.yaml");
    StartDaemon();
  }

  grpc::Status Apply(std::initializer_list<v1::ListedName> names,
                     bool validate_only = false) {
    const auto call = Context();
    const auto writer = admin_->ApplyNames(call.get(), &applied_);
    v1::ApplyNamesRequest request;
    request.set_validate_only(validate_only);
    request.set_name_count(static_cast<int64_t>(names.size()));
    if (names.size() == 0) writer->Write(request);
    // A message a name: a list comes in any pieces.
    for (const v1::ListedName& name : names) {
      *request.add_names() = name;
      writer->Write(request);
      request.clear_names();
    }
    writer->WritesDone();
    return writer->Finish();
  }

  std::vector<std::string> ListNames() {
    std::vector<std::string> ids;
    v1::ListNamesRequest request;
    request.set_page_size(1);
    do {
      v1::ListNamesResponse response;
      const grpc::Status status =
          admin_->ListNames(Context().get(), request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      for (const v1::ListedName& name : response.names()) {
        ids.push_back(name.id());
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  grpc::Status Merge(const std::string& into, const std::string& from) {
    v1::MergeEntitiesRequest request;
    request.set_into(into);
    request.set_from(from);
    return admin_->MergeEntities(Context().get(), request, &merged_);
  }

  v1::Entity GetEntity(const std::string& name) {
    v1::GetEntityRequest request;
    request.set_name(absl::StrCat("entities/", name));
    v1::Entity entity;
    const grpc::Status status =
        archive_->GetEntity(Context().get(), request, &entity);
    EXPECT_TRUE(status.ok()) << name << ": " << status.error_message();
    return entity;
  }

  v1::ApplyNamesResponse applied_;
  v1::Entity merged_;
};

TEST_F(NamesTest, HoldAtOnceAndAcrossARestart) {
  ASSERT_TRUE(Apply({Name("quarnell", "Quarnell Group", {"qnl kvast"})}).ok());
  EXPECT_EQ(applied_.name_count(), 1);
  EXPECT_EQ(applied_.created_count(), 1);
  // No shape tells that this is a name.
  EXPECT_EQ(IngestOne(MakeArticle("one", "They met at qnl kvast yesterday."))
                .alert_count(),
            1);
  EXPECT_EQ(GetEntity("quarnell").display_name(), "Quarnell Group");
  EXPECT_TRUE(GetEntity("quarnell").listed());
  EXPECT_EQ(IngestOne(MakeArticle("two", "Nothing new of qnl kvast today."))
                .alert_count(),
            0);
  StopDaemon();
  StartDaemon();
  EXPECT_THAT(ListNames(), ElementsAre("quarnell"));
  IngestOne(MakeArticle("three", "People like qnl kvast very much."));
  EXPECT_EQ(GetEntity("quarnell").history().article_count(), 3);
  ASSERT_TRUE(Apply({}).ok());
  EXPECT_EQ(applied_.deleted_count(), 1);
  IngestOne(MakeArticle("four", "Nobody knows qnl kvast any more."));
  EXPECT_EQ(GetEntity("quarnell").history().article_count(), 3);
}

TEST_F(NamesTest, AnAliasOfAListedNameLeadsToIt) {
  ASSERT_TRUE(Apply({Name("openai", "OpenAI", {"Glimmerfox"})}).ok());
  IngestOne(MakeArticle("one", "The board of OpenAI met in the morning."));
  EXPECT_EQ(IngestOne(MakeArticle("two", "A spokesman for Glimmerfox agreed."))
                .alert_count(),
            0);
  EXPECT_EQ(GetEntity("openai").history().article_count(), 2);
}

TEST_F(NamesTest, AListIsReplacedWholeAndCompared) {
  ASSERT_TRUE(Apply({Name("", "Beta Works"), Name("alpha", "Alpha")}).ok());
  EXPECT_THAT(ListNames(), ElementsAre("alpha", "beta-works"));
  ASSERT_TRUE(
      Apply({Name("alpha", "Alpha", {"Alfa"}), Name("gamma", "Gamma")}, true)
          .ok());
  EXPECT_THAT(ListNames(), ElementsAre("alpha", "beta-works"));
  EXPECT_EQ(applied_.created_count(), 1);
  EXPECT_EQ(applied_.updated_count(), 1);
  EXPECT_EQ(applied_.deleted_count(), 1);
  EXPECT_EQ(applied_.unchanged_count(), 0);
}

TEST_F(NamesTest, AnErrorNamesTheFieldAndChangesNothing) {
  ASSERT_TRUE(Apply({Name("alpha", "Alpha")}).ok());
  v1::ListedName untyped = Name("x", "X");
  untyped.clear_type();
  const std::pair<v1::ListedName, std::string> kBad[] = {
      {Name("Big Id", "Beta"), "names[1].id: `Big Id` must be small letters"},
      {Name("beta", ""), "names[1].display_name: is empty"},
      {Name("beta", "?!"), "names[1].display_name: has no letter or digit"},
      {Name("beta", "Beta", {"one two three four five six seven"}),
       "names[1].aliases[0]: has more than 6 words"},
      {Name("beta", "Beta", {std::string(201, 'x')}),
       "names[1].aliases[0]: is longer than 200 bytes"},
      {Name("beta", "Beta", {"Al\npha"}),
       "names[1].aliases[0]: has a control character"},
      {Name("alpha", "Beta"), "names[1].id: `alpha` is that of names[0]"},
      {Name("beta", "Beta", {"~Alpha"}),
       "names[1].aliases[0]: `Alpha` is a form of names[0]"},
      {untyped, "names[1].type: is not set"},
  };
  for (const auto& [name, message] : kBad) {
    const grpc::Status status = Apply({Name("alpha", "Alpha"), name});
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << message;
    EXPECT_THAT(status.error_message(), StartsWith(message));
  }
  EXPECT_THAT(ListNames(), ElementsAre("alpha"));
}

TEST_F(NamesTest, AMergeMakesOneOfTwo) {
  IngestOne(MakeArticle(
      "one", "A spokesman for Acme Corporation said nothing was paid."));
  IngestOne(MakeArticle(
      "two", "A spokesman for Bolt Corporation said nothing was paid."));
  const grpc::Status status =
      Merge("entities/acme-corporation", "entities/Bolt Corporation");
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(merged_.name(), "entities/acme-corporation");
  EXPECT_EQ(merged_.history().article_count(), 2);
  StopDaemon();
  StartDaemon();
  EXPECT_EQ(GetEntity("bolt-corporation").name(), "entities/acme-corporation");
  EXPECT_EQ(
      IngestOne(MakeArticle("three", "A lawyer for Bolt Corporation said no."))
          .alert_count(),
      0);
  EXPECT_EQ(Merge("entities/acme-corporation", "entities/bolt-corporation")
                .error_code(),
            grpc::INVALID_ARGUMENT);
  const grpc::Status unseen =
      Merge("entities/acme-corporation", "entities/nobody");
  EXPECT_EQ(unseen.error_code(), grpc::NOT_FOUND);
  EXPECT_THAT(unseen.error_message(), HasSubstr("nobody"));
}

}  // namespace
}  // namespace tocsin
