// LiveLook: eyes of this process and real servers to look at, with certificates of one test CA.
// Made once for a test suite, as the servers take a moment to start.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "providers/probe/look/looking.h"
#include "tests/conformance/kit/scratch.h"
#include "tests/probe/kit/authority.h"
#include "tests/probe/live_servers.h"

namespace poolshift::probe::testing {

class LiveLook : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static const conformance::Scratch& scratch() { return *scratch_; }
  static const Authority& authority() { return *authority_; }
  static ServerSpec Spec(const std::string& certificate) {
    return {.certificate = certificate, .ca = authority_->file(), .address = ""};
  }

  // Eyes that show the certificate of probe.test, or none.
  static Eyes MakeEyes(bool shows_certificate = true);
  static Answer LookAt(const Eyes& eyes,
                       const std::string& address,
                       int port,
                       Speech speech,
                       std::vector<std::string> names);

 private:
  static inline std::unique_ptr<conformance::Scratch> scratch_;
  static inline std::unique_ptr<Authority> authority_;
};

}  // namespace poolshift::probe::testing
