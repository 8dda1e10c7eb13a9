#include "tests/lync/kerberos_domain.h"

#include <algorithm>
#include <cstdlib>

#include "fmt/format.h"

namespace poolshift::lync::testing {

KerberosDomain::KerberosDomain() {
  const int port = probe::testing::FreePort();
  folder_.Write("krb5.conf",
                fmt::format("[libdefaults]\n default_realm = CONTOSO.COM\n dns_lookup_kdc = false\n"
                            " dns_lookup_realm = false\n dns_canonicalize_hostname = false\n"
                            " rdns = false\n udp_preference_limit = 1\n"
                            "[realms]\n CONTOSO.COM = {{\n  kdc = 127.0.0.1:{}\n }}\n"
                            "[domain_realm]\n .contoso.com = CONTOSO.COM\n",
                            port));
  folder_.Write("kdc.conf",
                fmt::format("[realms]\n CONTOSO.COM = {{\n  database_name = {0}/database\n"
                            "  key_stash_file = {0}/stash\n  kdc_listen = \"\"\n"
                            "  kdc_tcp_listen = 127.0.0.1:{1}\n }}\n",
                            folder_.path(),
                            port));
  probe::testing::Run(Environment() + "/usr/sbin/kdb5_util create -s -P master -r CONTOSO.COM");
  kdc_ = std::make_unique<probe::testing::Program>(
      std::vector<std::string>{"/usr/bin/env",
                               "KRB5_CONFIG=" + configuration_file(),
                               "KRB5_KDC_PROFILE=" + folder_.Path("kdc.conf"),
                               "/usr/sbin/krb5kdc",
                               "-n"},
      folder_.Path("log"));
  probe::testing::AwaitPort(*kdc_, "127.0.0.1", port);
  ::setenv("KRB5_CONFIG", configuration_file().c_str(), 1);
  ::setenv("KRB5CCNAME", ("FILE:" + folder_.Path("cache")).c_str(), 1);
}

KerberosDomain::~KerberosDomain() {
  ::unsetenv("KRB5_CONFIG");
  ::unsetenv("KRB5CCNAME");
}

std::string KerberosDomain::Environment() const {
  return "env KRB5_CONFIG=" + configuration_file() +
         " KRB5_KDC_PROFILE=" + folder_.Path("kdc.conf") + ' ';
}

std::string KerberosDomain::Keytab(const std::string& principal) const {
  std::string name = principal;
  std::ranges::replace(name, '/', '-');
  const std::string keytab = folder_.Path(name + ".keytab");
  for (const std::string& query :
       {"addprinc -randkey " + principal, "ktadd -k " + keytab + ' ' + principal}) {
    probe::testing::Run(Environment() + "/usr/sbin/kadmin.local -r CONTOSO.COM -q '" + query +
                        '\'');
  }
  return keytab;
}

void KerberosDomain::LogOn(const std::string& principal) const {
  probe::testing::Run(Environment() + "KRB5CCNAME=FILE:" + folder_.Path("cache") + " kinit -k -t " +
                      Keytab(principal) + ' ' + principal);
}

}  // namespace poolshift::lync::testing
