// Messages on the control socket, byte by byte.
#include "providers/ssh/mux_wire.h"

#include "gmock/gmock.h"

namespace poolshift::ssh::mux {
namespace {

using namespace std::string_literals;

TEST(MuxWire, SpeaksVersionFour) { EXPECT_EQ(Hello(), "\0\0\0\x08\0\0\0\x01\0\0\0\x04"s); }

TEST(MuxWire, AsksForASessionWithoutTerminal) {
  EXPECT_EQ(NewSession(7, "ls"),
            "\0\0\0\x2a"
            "\x10\0\0\x02"
            "\0\0\0\x07"
            "\0\0\0\0"
            "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
            "\xff\xff\xff\xff"
            "\0\0\0\0"
            "\0\0\0\x02ls"s);
}

TEST(MuxWire, ForwardsToSocketsAndPorts) {
  EXPECT_EQ(OpenForward(1, "/l", {.path = "/r"}),
            "\0\0\0\x20\x10\0\0\x06\0\0\0\x01\0\0\0\x01\0\0\0\x02/l\xff\xff\xff\xfe"
            "\0\0\0\x02/r\xff\xff\xff\xfe"s);
  EXPECT_EQ(OpenForward(1, "/l", {.path = "", .address = "h", .port = 5280}),
            "\0\0\0\x1f\x10\0\0\x06\0\0\0\x01\0\0\0\x01\0\0\0\x02/l\xff\xff\xff\xfe"
            "\0\0\0\x01h\0\0\x14\xa0"s);
}

TEST(MuxWire, TakesOneMessageAfterAnother) {
  std::string bytes =
      "\0\0\0\x0c\x80\0\0\x06\0\0\0\x01\0\0\0\x05\0\0\0\x0c\x80\0\0\x04\0\0\0\x05\0\0\0\xff"s;
  const auto opened = TakeMessage(bytes);
  ASSERT_TRUE(opened.ok() && opened->has_value());
  EXPECT_EQ((*opened)->type, Type::kSessionOpened);
  const auto ended = TakeMessage(bytes);
  ASSERT_TRUE(ended.ok() && ended->has_value());
  EXPECT_EQ((*ended)->type, Type::kExitMessage);
  EXPECT_EQ((*ended)->value, 255U);
  EXPECT_TRUE(bytes.empty());
}

TEST(MuxWire, WaitsForTheRest) {
  const std::string whole = "\0\0\0\x0e\x80\0\0\x03\0\0\0\x01\0\0\0\x02no"s;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string part = whole.substr(0, size);
    const auto message = TakeMessage(part);
    ASSERT_TRUE(message.ok()) << size;
    EXPECT_FALSE(message->has_value()) << size;
  }
  std::string bytes = whole;
  EXPECT_EQ((**TakeMessage(bytes)).reason, "no");
}

TEST(MuxWire, RefusesWhatNoSshSends) {
  for (std::string bytes : {"\x7f\xff\xff\xff"s,                            // 2 GiB
                            "\0\0\0\x02\x80\0"s,                            // no type
                            "\0\0\0\x0c\x80\0\0\x03\0\0\0\x01\0\0\0\x63"s,  // text missing
                            "\0\0\0\x08\x80\0\0\x04\0\0\0\x01"s}) {         // no status
    EXPECT_TRUE(absl::IsInternal(TakeMessage(bytes).status()));
  }
}

}  // namespace
}  // namespace poolshift::ssh::mux
