#include "controller/model/digest.h"

#include "gtest/gtest.h"

namespace poolshift {
namespace {

// FIPS 180-4 example messages.
TEST(DigestTest, AgreesWithPublishedVectors) {
  EXPECT_EQ(Digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Digest(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(DigestTest, ZeroBytesCount) { EXPECT_NE(Digest(std::string_view("a\0b", 3)), Digest("a")); }

TEST(RevisionTest, IsTheDigestOfTheText) {
  const Value value = Value::Map{{"ttl", 300}, {"records", Value::List{"203.0.113.11"}}};
  EXPECT_EQ(RevisionOf(value), Digest(R"({"records":["203.0.113.11"],"ttl":300})"));
}

TEST(RevisionTest, OrderOfInsertionDoesNotMatter) {
  Value forward;
  forward.Set("a", 1);
  forward.Set("b", 2);
  Value backward;
  backward.Set("b", 2);
  backward.Set("a", 1);
  EXPECT_EQ(RevisionOf(forward), RevisionOf(backward));
}

TEST(RevisionTest, AbsentDiffersFromEmpty) {
  EXPECT_NE(RevisionOf(Value()), RevisionOf(Value::Map{}));
}

}  // namespace
}  // namespace poolshift
