#include <string>

#include "tests/conformance/kit/check.h"
#include "tests/docs/pages.h"

namespace poolshift {
namespace {

using conformance::Check;

constexpr const char* kHead = R"(# Conformance

Every provider program is held against these promises, on its real target: by the tests of `example`, `sim`, `dns` (on BIND and Knot,
and on NSD, which takes no updates), `host`, `xmpp`, `sip`, `probe` (which only looks) and `lync` (on the emulator). How the kit is used is in
[write a provider](write-a-provider.md#test-it). This page is printed from the kit (`tests/docs`), and for each check there is a provider that breaks just
that promise and is caught (`tests/conformance/kit_test.cc`).

Sources: the numbers of what a provider promises in [the protocol](provider-protocol.md), the comments of
[`provider.proto`](../proto/poolshift/provider/v1/provider.proto), [kinds](kinds.md), and these guarantees of the whole:

| guarantee | in short |
| --- | --- |
| G2 | what is as wanted stays so |
| G5 | a crash at any moment leads to the same end, and nothing is carried out twice |
| G7 | whoever has been taken over from changes nothing |
| G9 | a change is made to what was planned on, or not at all |
| G10 | what could not be looked at is not taken for absent |
| G12 | the same input gives the same output |
)";

std::string Needs(const Check& check) {
  std::string words;
  for (const conformance::Need need : check.needs)
    words += (words.empty() ? "" : ", ") + conformance::Words(need);
  return words;
}

}  // namespace

std::string ConformancePage() {
  std::string page = kHead;
  std::string topic;
  for (const Check& check : conformance::AllChecks()) {
    if (check.topic != topic) {
      topic = check.topic;
      page +=
          "\n## " + topic + "\n\n| check | promise | source | needs |\n| --- | --- | --- | --- |\n";
    }
    page += "| `" + check.name + "` | " + check.promise + " | " + check.source + " | " +
            Needs(check) + " |\n";
  }
  return page + "\n" + std::to_string(conformance::AllChecks().size()) + " checks.\n";
}

}  // namespace poolshift
