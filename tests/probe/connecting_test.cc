// What each error of connect(2) tells of the target, at once and later. tests/probe/network_test.cc
// makes the kernel report them.
#include "providers/probe/look/connecting.h"

#include <cerrno>

#include "absl/time/clock.h"
#include <gtest/gtest.h>

namespace poolshift::probe {
namespace {

TEST(OfError, TableOfErrors) {
  const struct {
    int error;
    const char* name;
    State at_once, later;
  } cases[] = {
      {ECONNREFUSED, "ECONNREFUSED", State::kRefused, State::kRefused},
      {ECONNRESET, "ECONNRESET", State::kRefused, State::kRefused},
      {ETIMEDOUT, "ETIMEDOUT", State::kFiltered, State::kFiltered},
      {EHOSTUNREACH, "EHOSTUNREACH", State::kBlind, State::kUnreachable},
      {ENETUNREACH, "ENETUNREACH", State::kBlind, State::kUnreachable},
      {EHOSTDOWN, "EHOSTDOWN", State::kBlind, State::kUnreachable},
      {ENONET, "ENONET", State::kBlind, State::kUnreachable},
      {ENOPROTOOPT, "ENOPROTOOPT", State::kBlind, State::kUnreachable},
      {EOPNOTSUPP, "EOPNOTSUPP", State::kBlind, State::kUnreachable},
      {EACCES, "EACCES", State::kBlind, State::kUnreachable},
      {EPERM, "EPERM", State::kBlind, State::kBlind},
      {ENETDOWN, "ENETDOWN", State::kBlind, State::kBlind},
      {EADDRNOTAVAIL, "EADDRNOTAVAIL", State::kBlind, State::kBlind},
      {EAFNOSUPPORT, "EAFNOSUPPORT", State::kBlind, State::kBlind},
      {EMFILE, "EMFILE", State::kBlind, State::kBlind},
      {ENFILE, "ENFILE", State::kBlind, State::kBlind},
      {ENOBUFS, "ENOBUFS", State::kBlind, State::kBlind},
      {ENOMEM, "ENOMEM", State::kBlind, State::kBlind},
      {E2BIG, "errno 7", State::kBlind, State::kBlind},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    EXPECT_EQ(ErrnoName(each.error), each.name);
    EXPECT_EQ(OfError(each.error, true).state, each.at_once);
    EXPECT_EQ(OfError(each.error, false).state, each.later);
    EXPECT_EQ(OfError(each.error, true).evidence.rfind(each.name, 0), 0U);
  }
  EXPECT_EQ(OfError(EHOSTUNREACH, true).evidence, "EHOSTUNREACH: the vantage has no way there");
}

TEST(Connect, WhatIsNoAddress) {
  for (const char* text : {"", "contoso.test", "203.0.113", "1.2.3.4.5", "::g"}) {
    EXPECT_EQ(Connect(text, 5061, absl::Now() + absl::Seconds(1), false).verdict.state,
              State::kBlind)
        << text;
  }
}

}  // namespace
}  // namespace poolshift::probe
