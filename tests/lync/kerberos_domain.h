// A real Kerberos domain of a test: its KDC on loopback, in a folder of its own; gone with the
// object. While it lives, the environment of this process is that of a machine in the domain.
#pragma once

#include <memory>
#include <string>

#include "tests/conformance/kit/scratch.h"
#include "tests/probe/kit/program.h"

namespace poolshift::lync::testing {

class KerberosDomain {
 public:
  KerberosDomain();
  ~KerberosDomain();
  KerberosDomain(const KerberosDomain&) = delete;
  KerberosDomain& operator=(const KerberosDomain&) = delete;

  std::string configuration_file() const { return folder_.Path("krb5.conf"); }
  // A keytab of `principal` (without its realm), which is made.
  std::string Keytab(const std::string& principal) const;
  // Puts a ticket of its holder into this process' cache.
  void LogOn(const std::string& principal) const;

 private:
  std::string Environment() const;

  conformance::Scratch folder_;
  std::unique_ptr<probe::testing::Program> kdc_;
};

}  // namespace poolshift::lync::testing
