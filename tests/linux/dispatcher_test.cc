// Dispatcher lists as kamcmd of Kamailio 5.6.3 prints them.
#include "providers/sip/server/dispatcher.h"

#include "gmock/gmock.h"

namespace poolshift::sip {
namespace {

using ::testing::HasSubstr;

// ATTRS of the first, as it is printed with `duid` and a weight; the second has none.
constexpr const char* kPrinted = R"({
	NRSETS: 2
	RECORDS: {
		SET: {
			ID: 1
			TARGETS: {
				DEST: {
					URI: sip:127.0.0.1:15070
					FLAGS: AX
					PRIORITY: 5
					ATTRS: {
						BODY: weight=50;duid=a;my=FLAGS: IX
						DUID: a
						MAXLOAD: 0
						WEIGHT: 50
						RWEIGHT: 0
						SOCKET: <null string>
						SOCKNAME: <null string>
						OBPROXY: <null string>
					}
				}
				DEST: {
					URI: sip:127.0.0.1:15071;transport=tcp
					FLAGS: IP
					PRIORITY: 3
				}
			}
		}
		SET: {
			ID: 4
			TARGETS: {
				DEST: {
					URI: sip:127.0.0.1:15073
					FLAGS: DX
					PRIORITY: 0
				}
			}
		}
	}
}
)";

std::vector<Destination> Read(const std::string& printed) {
  const auto read = DestinationsIn(printed);
  EXPECT_TRUE(read.ok()) << read.status();
  if (!read.ok()) return {};
  EXPECT_TRUE(read->has_value());
  return read->value_or(std::vector<Destination>());
}

std::string ListOf(const std::string& flags) {
  return "{\nNRSETS: 1\nRECORDS: {\nSET: {\nID: 1\nTARGETS: {\nDEST: {\nURI: sip:a\nFLAGS: " +
         flags + "\nPRIORITY: 0\n}\n}\n}\n}\n}\n";
}

TEST(Destinations, AreReadWithSetAndFlags) {
  const std::vector<Destination> expected = {{1, "sip:127.0.0.1:15070", "AX"},
                                             {1, "sip:127.0.0.1:15071;transport=tcp", "IP"},
                                             {4, "sip:127.0.0.1:15073", "DX"}};
  EXPECT_EQ(Read(kPrinted), expected);
}

// Kamailio's ds_skip_dst(): requests go to what is neither inactive nor disabled.
TEST(Destinations, LiveByTheirFirstFlag) {
  for (const char first : {'A', 'I', 'T', 'D'}) {
    for (const char second : {'P', 'X'}) {
      const std::string flags = {first, second};
      SCOPED_TRACE(flags);
      const std::vector<Destination> read = Read(ListOf(flags));
      ASSERT_EQ(read.size(), 1U);
      EXPECT_EQ(read.front().lives(), first == 'A' || first == 'T');
    }
  }
}

TEST(Destinations, NoModuleIsNotNoDestination) {
  const auto absent = DestinationsIn("error: 500 - command dispatcher.list not found\n");
  ASSERT_TRUE(absent.ok()) << absent.status();
  EXPECT_FALSE(absent->has_value());
  EXPECT_TRUE(Read("error: 500 - No Destination Sets\n").empty());
  const auto refused = DestinationsIn("error: 500 - Internal error\n");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("Internal error"));
}

TEST(Destinations, WhatIsNoWholeListIsAnError) {
  const std::string whole = kPrinted;
  for (std::size_t length = 0; length + 2 < whole.size(); ++length)
    EXPECT_FALSE(DestinationsIn(whole.substr(0, length)).ok()) << whole.substr(0, length);
}

TEST(Destinations, GarbageIsAnError) {
  for (const char* flags : {"", "A", "AXX", "ax", "QX", "AQ", "XA", "PA"})
    EXPECT_FALSE(DestinationsIn(ListOf(flags)).ok()) << flags;
  for (const char* printed : {"",
                              "}",
                              "kamcmd: not found",
                              "{\n}\n",
                              "{\nNRSETS: 1\n}\n",
                              "{\nNRSETS: many\n}\n",
                              "{\nNRSETS: 0\n}\n}\n",
                              "{\nNRSETS: 0\n}\nNRSETS: 0\n",
                              "{\n{\n}\nNRSETS: 0\n}\n",
                              "{\nNRSETS: 0\nDEST: {\nURI: sip:a\nFLAGS: AX\n}\n}\n",
                              "{\nNRSETS: 1\nSET: {\nID: one\n}\n}\n",
                              "{\nNRSETS: 1\nSET: {\nID: 99999999999999999999\n}\n}\n",
                              "{\nNRSETS: 1\nSET: {\nID: 1\nDEST: {\nURI: sip:a\n}\n}\n}\n",
                              "{\nNRSETS: 1\nSET: {\nID: 1\nDEST: {\nFLAGS: AX\n}\n}\n}\n",
                              "{\nNRSETS: 1\nSET: {\nID: 1\nDEST: {\nDEST: {\nURI: sip:a\nFLAGS: "
                              "AX\n}\n}\n}\n}\n"})
    EXPECT_FALSE(DestinationsIn(printed).ok()) << printed;
  EXPECT_TRUE(Read("{\nNRSETS: 0\n}\n").empty());
}

TEST(Destinations, AreReadByTheThousands) {
  std::string printed = "{\nNRSETS: 1\nRECORDS: {\nSET: {\nID: -7\nTARGETS: {\n";
  for (int number = 0; number < 50000; ++number)
    printed += "DEST: {\nURI: sip:" + std::to_string(number) + "\nFLAGS: IP\n}\n";
  const std::vector<Destination> read = Read(printed + "}\n}\n}\n}\n");
  ASSERT_EQ(read.size(), 50000U);
  EXPECT_EQ(read.back(), (Destination{-7, "sip:49999", "IP"}));
  const linux_host::Ways ways = WaysAmong(read, {});
  EXPECT_EQ(ways.alive, 0);
  EXPECT_EQ(ways.remark,
            "sip:0 of dispatcher set -7 is inactive; sip:1 of dispatcher set -7 is inactive; "
            "sip:10 of dispatcher set -7 is inactive; and 49997 more");
}

TEST(Ways, CountServersOfTheSetsThatCount) {
  const std::vector<Destination> list = {
      {1, "sip:a", "AP"}, {1, "sip:b", "IP"}, {2, "sip:a", "TP"}, {2, "sip:c", "DX"}};
  using linux_host::Ways;
  EXPECT_EQ(
      WaysAmong(list, {}),
      (Ways{1, "sip:b of dispatcher set 1 is inactive; sip:c of dispatcher set 2 is disabled"}))
      << "sip:a is one server in two sets";
  EXPECT_EQ(WaysAmong({{2, "sip:c", "DX"}, {1, "sip:b", "IP"}}, {}).remark,
            "sip:b of dispatcher set 1 is inactive; sip:c of dispatcher set 2 is disabled")
      << "the same text in whatever order they are listed";
  EXPECT_EQ(WaysAmong(list, {1}), (Ways{1, "sip:b of dispatcher set 1 is inactive"}));
  EXPECT_EQ(WaysAmong({{1, "sip:a", "AX"}, {1, "sip:b", "TX"}}, {1}), (Ways{2, ""}));
  EXPECT_EQ(WaysAmong(list, {9}), (Ways{0, "dispatcher has no set 9"}));
  EXPECT_EQ(WaysAmong({}, {}), (Ways{0, "dispatcher has no destination"}));
  const std::string endless(5000, 'x');
  EXPECT_LT(WaysAmong({{1, endless, "IX"}}, {}).remark.size(), 200U);
}

}  // namespace
}  // namespace poolshift::sip
