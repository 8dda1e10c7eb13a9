// Quoted words through real shells: whatever a word holds, one program gets exactly that word.
#include "providers/ssh/quote.h"

#include <array>
#include <cstdio>
#include <random>

#include "gmock/gmock.h"

namespace poolshift::ssh {
namespace {

struct Sample {
  const char* name;
  const char* word;
  const char* quoted;
};

class QuotedWords : public ::testing::TestWithParam<Sample> {};
INSTANTIATE_TEST_SUITE_P(
    Samples,
    QuotedWords,
    ::testing::Values(
        Sample{"Plain", "kamailio.service", "kamailio.service"},
        Sample{"Path", "/etc/prosody/certs/a,b:c@d%e+f-g_h", "/etc/prosody/certs/a,b:c@d%e+f-g_h"},
        Sample{"Empty", "", "''"},
        Sample{"Space", "a b", "'a b'"},
        Sample{"Quote", "it's", "'it'\\''s'"},
        Sample{"OnlyQuotes", "''", "''\\'''\\'''"},
        Sample{"Substitution", "$(reboot)`reboot`${HOME}", "'$(reboot)`reboot`${HOME}'"},
        Sample{"End", "a;reboot", "'a;reboot'"},
        Sample{"Background", "a&b|c", "'a&b|c'"},
        Sample{"Redirection", ">/etc/passwd", "'>/etc/passwd'"},
        Sample{"Assignment", "PATH=/tmp", "'PATH=/tmp'"},
        Sample{"Home", "~root", "'~root'"},
        Sample{"Comment", "#x", "'#x'"},
        Sample{"Pattern", "*?[a]", "'*?[a]'"},
        Sample{"Braces", "{a,b}", "'{a,b}'"},
        Sample{"Reserved", "if", "'if'"},
        Sample{"History", "!!", "'!!'"},
        Sample{"Backslash", "a\\", "'a\\'"},
        Sample{"Letters", "münchen", "'münchen'"}),
    [](const auto& instance) { return instance.param.name; });

TEST_P(QuotedWords, AreSafe) {
  const auto quoted = QuotedWord(GetParam().word);
  ASSERT_TRUE(quoted.ok()) << quoted.status();
  EXPECT_EQ(*quoted, GetParam().quoted);
}

TEST(QuotedWord, RefusesControlCharacters) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string word = {'a', static_cast<char>(byte), 'b'};
    const bool is_control = byte < 0x20 || byte == 0x7f;
    EXPECT_EQ(QuotedWord(word).ok(), !is_control) << byte;
  }
}

TEST(CommandLine, NeedsAProgram) {
  EXPECT_TRUE(absl::IsInvalidArgument(CommandLine({}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(CommandLine({"", "a"}).status()));
  EXPECT_EQ(*CommandLine({"ls", "-l", "a b"}), "ls -l 'a b'");
}

std::string OutputOf(const std::string& shell, const std::string& line) {
  const std::string script = "/bin/" + shell + " -c \"$LINE\"";
  ::setenv("LINE", line.c_str(), 1);
  FILE* pipe = ::popen(script.c_str(), "r");
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    out.append(buffer.data(), got);
  ::pclose(pipe);
  return out;
}

TEST(CommandLine, ArrivesWordForWordInRealShells) {
  std::mt19937 random(20261127);
  constexpr std::string_view kNasty = "'\"\\$`!*?[]{}()<>|&;#~=- %aZ9/\xc3\xbc";
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> words = {"printf", "[%s]"};
    std::string expected;
    for (int count = 0; count < 6; ++count) {
      std::string word;
      for (std::size_t length = random() % 9; length > 0; --length)
        word += kNasty[random() % kNasty.size()];
      words.push_back(word);
      expected += '[' + word + ']';
    }
    const auto line = CommandLine(words);
    ASSERT_TRUE(line.ok()) << line.status();
    for (const char* shell : {"dash", "bash"})
      EXPECT_EQ(OutputOf(shell, *line), expected) << *line;
  }
}

}  // namespace
}  // namespace poolshift::ssh
