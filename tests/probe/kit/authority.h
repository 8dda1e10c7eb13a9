// Authority: a certificate authority of a test, made with openssl in the test's folder.
#pragma once

#include <string>

#include "tests/conformance/kit/scratch.h"

namespace poolshift::probe::testing {

class Authority {
 public:
  // Files NAME-ca.pem and NAME-ca.key.
  Authority(const conformance::Scratch& scratch, const std::string& name);

  // Files NAME.pem and NAME.key. `alternatives` as openssl spells them: "DNS:contoso.test".
  // `days`: until it ends; below 0 it has ended.
  void Issue(const std::string& name, const std::string& alternatives, int days = 10) const;

  std::string file() const { return prefix_ + "-ca.pem"; }

 private:
  const conformance::Scratch& scratch_;
  const std::string prefix_;
};

}  // namespace poolshift::probe::testing
