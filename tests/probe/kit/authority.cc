#include "tests/probe/kit/authority.h"

#include "fmt/format.h"
#include "tests/probe/kit/program.h"

namespace poolshift::probe::testing {

Authority::Authority(const conformance::Scratch& scratch, const std::string& name)
    : scratch_(scratch), prefix_(scratch.Path(name)) {
  Run(fmt::format(
      "openssl ecparam -name prime256v1 -genkey -noout -out {0}-ca.key && openssl req -x509 -new "
      "-key {0}-ca.key -days 30 -subj '/CN={1}' -addext basicConstraints=critical,CA:TRUE "
      "-addext keyUsage=critical,keyCertSign,cRLSign -out {0}-ca.pem",
      prefix_,
      name));
}

void Authority::Issue(const std::string& name, const std::string& alternatives, int days) const {
  const std::string path = scratch_.Path(name);
  scratch_.Write(name + ".ext",
                 "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n"
                 "extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=" +
                     alternatives + "\n");
  Run(fmt::format(
      "openssl ecparam -name prime256v1 -genkey -noout -out {0}.key && openssl req -new -key "
      "{0}.key -subj '/CN={1}' -out {0}.csr && openssl x509 -req -in {0}.csr -CA {2}-ca.pem -CAkey "
      "{2}-ca.key -CAcreateserial -days {3} -extfile {0}.ext -out {0}.pem && chmod 600 {0}.key",
      path,
      name,
      prefix_,
      days));
}

}  // namespace poolshift::probe::testing
