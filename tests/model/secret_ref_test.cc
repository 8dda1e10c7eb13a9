#include "controller/model/secret_ref.h"

#include <type_traits>

#include "absl/status/status.h"
#include "gtest/gtest.h"

#include "controller/model/value.h"

namespace poolshift {
namespace {

// A reference can reach neither plan, record nor text by accident: there is no way from it to a
// Value or a text but to ask for it by name.
static_assert(!std::is_convertible_v<SecretRef, Value>);
static_assert(!std::is_constructible_v<Value, SecretRef>);
static_assert(!std::is_convertible_v<SecretRef, std::string>);
static_assert(!std::is_convertible_v<SecretRef, std::string_view>);

TEST(SecretRefTest, NamesFile) {
  const absl::StatusOr<SecretRef> secret = SecretRef::Parse("file:/etc/poolshift/tsig.key");
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(secret->scheme(), SecretRef::Scheme::kFile);
  EXPECT_EQ(secret->locator(), "/etc/poolshift/tsig.key");
  EXPECT_EQ(secret->Reference(), "file:/etc/poolshift/tsig.key");
}

TEST(SecretRefTest, NamesVariable) {
  const absl::StatusOr<SecretRef> secret = SecretRef::Parse("env:TSIG_KEY_2");
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(secret->scheme(), SecretRef::Scheme::kEnvironment);
  EXPECT_EQ(secret->locator(), "TSIG_KEY_2");
  EXPECT_EQ(secret->Reference(), "env:TSIG_KEY_2");
}

struct BadRow {
  const char* name;
  const char* text;
};

class BadSecretRef : public testing::TestWithParam<BadRow> {};

TEST_P(BadSecretRef, IsRefusedWithoutRepeatingIt) {
  const absl::StatusOr<SecretRef> secret = SecretRef::Parse(GetParam().text);
  ASSERT_EQ(secret.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(secret.status().message());
  EXPECT_NE(message.find("file:/absolute/path"), std::string::npos);
  EXPECT_EQ(message, SecretRef::Parse("").status().message());  // whatever the text was
}

const BadRow kBad[] = {
    {"empty", ""},
    {"the_secret_itself", "canary-secret-4f1d"},
    {"no_scheme", "/etc/key"},
    {"relative_file", "file:tsig.key"},
    {"root_only", "file:/"},
    {"no_variable", "env:"},
    {"lower_case_variable", "env:tsig_key"},
    {"digit_first", "env:1KEY"},
    {"variable_with_space", "env:TSIG KEY"},
    {"unknown_scheme", "vault:/secret/tsig"},
    {"capital_scheme", "FILE:/etc/key"},
};

INSTANTIATE_TEST_SUITE_P(Texts, BadSecretRef, testing::ValuesIn(kBad), [](const auto& row) {
  return std::string(row.param.name);
});

}  // namespace
}  // namespace poolshift
