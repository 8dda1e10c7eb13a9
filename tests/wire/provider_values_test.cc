// Values on the wire.
#include "controller/wire/provider_values.h"

#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolshift {
namespace {

Value Nested(int depth, bool in_maps) {
  Value value("leaf");
  for (int i = 1; i < depth; ++i) {
    value =
        in_maps ? Value(Value::Map{{"m", std::move(value)}}) : Value(Value::List{std::move(value)});
  }
  return value;
}

// Through bytes, as between two processes.
absl::StatusOr<Value> ThereAndBack(const Value& value) {
  provider::v1::Value wire, received;
  const absl::Status encoded = wire::EncodeValue(value, wire);
  if (!encoded.ok()) return encoded;
  if (!received.ParseFromString(wire.SerializeAsString())) return absl::DataLossError("not parsed");
  return wire::DecodeValue(received);
}

Value RandomValue(std::mt19937& random, int depth) {
  switch (random() % (depth > 0 ? 6 : 4)) {
    case 0:
      return {};
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>((std::uint64_t{random()} << 32U) | random());
    case 3:
      return std::string(random() % 5, static_cast<char>('a' + random() % 26));
    case 4: {
      Value::List list(random() % 4);
      for (Value& item : list)
        item = RandomValue(random, depth - 1);
      return list;
    }
    default: {
      Value::Map map;
      for (unsigned i = random() % 4; i > 0; --i)
        map[std::to_string(random() % 9)] = RandomValue(random, depth - 1);
      return map;
    }
  }
}

TEST(WireValue, SurvivesTheWire) {
  constexpr unsigned kSeed = 20261121;
  std::mt19937 random(kSeed);
  for (int i = 0; i < 2000; ++i) {
    const Value value = RandomValue(random, 5);
    const auto back = ThereAndBack(value);
    ASSERT_TRUE(back.ok()) << back.status() << " seed " << kSeed << " case " << i;
    ASSERT_EQ(*back, value) << CanonicalText(value) << " seed " << kSeed << " case " << i;
  }
}

TEST(WireValue, KeepsExtremeIntegers) {
  for (const std::int64_t extreme :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(*ThereAndBack(extreme), Value(extreme));
  }
}

TEST(WireValue, TellsNullFromEmpty) {
  EXPECT_TRUE(ThereAndBack(Value())->is_null());
  EXPECT_TRUE(ThereAndBack(Value::Map{})->is_map());
  EXPECT_TRUE(ThereAndBack(Value::List{})->is_list());
  EXPECT_TRUE(ThereAndBack("")->is_string());
}

TEST(WireValue, DeepestAllowedIsParsedByAnyone) {
  for (const bool in_maps : {true, false}) {
    EXPECT_EQ(*ThereAndBack(Nested(wire::kMaxDepth, in_maps)), Nested(wire::kMaxDepth, in_maps));
  }
}

TEST(WireValue, DeeperIsRefusedBeforeSending) {
  for (const bool in_maps : {true, false}) {
    const auto back = ThereAndBack(Nested(wire::kMaxDepth + 1, in_maps));
    EXPECT_TRUE(absl::IsInvalidArgument(back.status())) << back.status();
  }
}

TEST(WireValue, DeeperIsRefusedOnArrival) {
  provider::v1::Value wire;
  provider::v1::Value* at = &wire;
  for (int i = 0; i < wire::kMaxDepth; ++i)
    at = at->mutable_list()->add_items();
  at->set_boolean(true);
  EXPECT_TRUE(absl::IsInvalidArgument(wire::DecodeValue(wire).status()));
}

TEST(WireValue, TypeOfALaterVersionIsNotNull) {
  provider::v1::Value wire;
  ASSERT_TRUE(wire.ParseFromString("\x32\x01x"));  // field 6, which version 1 does not have
  const auto decoded = wire::DecodeValue(wire);
  EXPECT_TRUE(absl::IsInvalidArgument(decoded.status())) << decoded.status();
}

}  // namespace
}  // namespace poolshift
