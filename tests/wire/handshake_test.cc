// The handshake line.
#include "controller/wire/handshake.h"

#include <gtest/gtest.h>

namespace poolshift {
namespace {

TEST(Handshake, SurvivesTheWire) {
  const wire::Handshake handshake{1, 3, "dns", "0.1.0~rc1"};
  const std::string line = wire::EncodeHandshake(handshake);
  EXPECT_EQ(line, "POOLSHIFT-PROVIDER 1 3 dns 0.1.0~rc1\n");
  EXPECT_EQ(*wire::DecodeHandshake(std::string_view(line).substr(0, line.size() - 1)), handshake);
}

struct Garbage {
  const char* name;
  const char* line;
};

class HandshakeGarbage : public testing::TestWithParam<Garbage> {};

TEST_P(HandshakeGarbage, IsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(wire::DecodeHandshake(GetParam().line).status()));
}

INSTANTIATE_TEST_SUITE_P(
    Lines,
    HandshakeGarbage,
    testing::Values(Garbage{"Empty", ""},
                    Garbage{"OtherMagic", "PLUGIN 1 1 dns 1"},
                    Garbage{"LowerMagic", "poolshift-provider 1 1 dns 1"},
                    Garbage{"NoVersion", "POOLSHIFT-PROVIDER 1 1 dns"},
                    Garbage{"MoreWords", "POOLSHIFT-PROVIDER 1 1 dns 1 x"},
                    Garbage{"ZeroVersion", "POOLSHIFT-PROVIDER 0 1 dns 1"},
                    Garbage{"NegativeVersion", "POOLSHIFT-PROVIDER -1 1 dns 1"},
                    Garbage{"HugeVersion", "POOLSHIFT-PROVIDER 1 99999999999 dns 1"},
                    Garbage{"Backwards", "POOLSHIFT-PROVIDER 2 1 dns 1"},
                    Garbage{"NoNumber", "POOLSHIFT-PROVIDER 1 1x dns 1"},
                    Garbage{"TwoSpaces", "POOLSHIFT-PROVIDER  1 1 dns 1"},
                    Garbage{"ControlInType", "POOLSHIFT-PROVIDER 1 1 d\x1bns 1"}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace poolshift
