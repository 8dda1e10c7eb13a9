#include "tests/e2e/record_watch.h"

#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"

namespace poolshift::e2e {
namespace {

// What the tests of moves rely on.
TEST(RecordWatchTest, SeesASetThatIsGone) {
  Contoso contoso({.scenario = "nothing-to-do"});
  RecordWatch watch(contoso.server(), kXmpp, "A");
  contoso.EditZone({"delete xmpp.contoso.com. A"});
  while (!contoso.Xmpp().empty()) {
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  contoso.EditZone({"add xmpp.contoso.com. 2 A 198.51.100.21"});
  EXPECT_EQ(watch.Seen(), (std::vector<Lines>{kXmppAtPool1, {}, {"198.51.100.21"}}));
}

}  // namespace
}  // namespace poolshift::e2e
