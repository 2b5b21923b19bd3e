#include "storage/read_records.h"

#include <map>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/records.h"

namespace tocsin {
namespace {

using testing::ElementsAre;

// Rows of one family in memory.
struct Rows {
  std::map<std::string, std::string> rows;

  absl::StatusOr<std::optional<std::string>> Get(Family,
                                                 absl::string_view key) const {
    const auto row = rows.find(std::string(key));
    if (row == rows.end()) return std::nullopt;
    return row->second;
  }
  template <typename Visit>
  absl::Status Scan(Family, absl::string_view from, absl::string_view, bool,
                    Visit visit) const {
    for (auto row = rows.lower_bound(std::string(from)); row != rows.end();
         ++row) {
      if (!visit(row->first, row->second)) break;
    }
    return absl::OkStatus();
  }
};

Rows Numbers(uint64_t count) {
  Rows rows;
  for (uint64_t n = 1; n <= count; ++n) {
    EntityRecord record;
    record.set_number(n);
    rows.rows[NumberKey(n)] = record.SerializeAsString();
  }
  return rows;
}

TEST(ReadRecords, NamesARowByItsNumberOrItsText) {
  EXPECT_EQ(RowName(NumberKey(17)), "17");
  EXPECT_EQ(RowName("desk"), "desk");
  EXPECT_EQ(RowName("desk\x01"), "desk\\x01");
  EXPECT_EQ(DamagedRow(Family::kArticles, NumberKey(17)).message(),
            "the row 17 of `articles` is damaged");
}

TEST(ReadRecords, ReadsOneOrNoneOrSaysWhichIsDamaged) {
  Rows rows = Numbers(2);
  const auto read = [&](uint64_t n) {
    return ReadRecord<EntityRecord>(rows, Family::kEntities, NumberKey(n));
  };
  EXPECT_EQ((*read(2))->number(), 2u);
  EXPECT_EQ(*read(3), std::nullopt);
  rows.rows[NumberKey(2)] = "\xff";
  EXPECT_EQ(read(2).status(),
            absl::DataLossError("the row 2 of `entities` is damaged"));
}

TEST(ReadRecords, ScansUntilTheVisitorHasEnoughOrFails) {
  Rows rows = Numbers(5);
  std::vector<uint64_t> seen;
  const auto scan = [&](auto visit) {
    seen.clear();
    return ScanRecords<EntityRecord>(rows, Family::kEntities, NumberKey(2), "",
                                     /*reverse=*/false, std::move(visit));
  };
  const auto up_to = [&](uint64_t last) {
    return [&seen, last](absl::string_view, EntityRecord& record) {
      seen.push_back(record.number());
      return record.number() < last;
    };
  };
  EXPECT_TRUE(scan(up_to(4)).ok());
  EXPECT_THAT(seen, ElementsAre(2, 3, 4));
  EXPECT_EQ(scan([&](absl::string_view,
                     EntityRecord& record) -> absl::StatusOr<bool> {
              seen.push_back(record.number());
              return absl::AbortedError("enough");
            }),
            absl::AbortedError("enough"));
  EXPECT_THAT(seen, ElementsAre(2));
  rows.rows[NumberKey(4)] = "\xff";
  EXPECT_EQ(scan(up_to(9)),
            absl::DataLossError("the row 4 of `entities` is damaged"));
  EXPECT_THAT(seen, ElementsAre(2, 3));
}

}  // namespace
}  // namespace tocsin
