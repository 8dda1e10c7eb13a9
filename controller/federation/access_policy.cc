#include "controller/federation/access_policy.h"

#include "controller/federation/demand.h"
#include "controller/federation/hosting.h"

namespace poolshift {
namespace {

class Finder {
 public:
  explicit Finder(const View& view) : view_(view), organization_(view.organization()) {}

  std::vector<PolicyFault> Run() {
    const bool sip = view_.hosting().IsDeclared(Protocol::kSip);
    const bool xmpp = view_.hosting().IsDeclared(Protocol::kXmpp);
    if (sip || xmpp)
      Switch("allowFederatedUsers",
             "AllowFederatedUsers",
             "no federation works, whoever hosts it",
             "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true",
             sip ? Protocol::kSip : Protocol::kXmpp);
    if (sip)
      Switch("enableFederationAccess",
             "EnableFederationAccess",
             "no user may talk to federated partners, whoever hosts it",
             "Set-CsExternalAccessPolicy -Identity Global -EnableFederationAccess $true",
             Protocol::kSip);
    if (!xmpp) return std::move(faults_);
    Switch("enableXmppAccess",
           "EnableXmppAccess",
           "no XMPP federation works, whoever hosts it",
           "Set-CsExternalAccessPolicy -Identity Global -EnableXmppAccess $true",
           Protocol::kXmpp);
    for (const auto& [name, partner] : organization_.partners) {
      if (partner.xmpp) LookAt(partner);
    }
    return std::move(faults_);
  }

 private:
  void Switch(std::string property,
              const std::string& name,
              const std::string& consequence,
              std::string command,
              Protocol protocol) {
    const ResourceId id = kinds::AccessConfig(organization_.name);
    const Value* seen = view_.observed().Properties(id);
    if (seen == nullptr || seen->BooleanOr(property, true)) return;
    faults_.push_back({id,
                       std::move(property),
                       true,
                       name + " is off",
                       consequence,
                       "turn " + name + " on",
                       {std::move(command)},
                       HostLine(organization_, protocol)});
  }

  void LookAt(const Partner& partner) {
    const ResourceId id = kinds::XmppPartner(partner.domain);
    const Observation* seen = view_.observed().Find(id);
    if (seen == nullptr || seen->presence == Presence::kUnreachable) return;
    const std::string identity = " -Identity " + partner.domain;
    if (seen->presence == Presence::kAbsent) {
      faults_.push_back(
          {id,
           "usable",
           true,
           "XMPP with " + partner.domain + " is declared, but it is no allowed XMPP partner",
           "no stream to it or from it is accepted",
           "allow the XMPP partner " + partner.domain,
           {"New-CsXmppAllowedPartner" + identity +
                " -TlsNegotiation Required -SaslNegotiation Required "
                "-SupportDialbackNegotiation $false   # or what the partner supports",
            "# or take `xmpp` out of Partner/" + partner.domain},
           partner.origin});
      return;
    }
    const Value& settings = seen->properties;
    if (kinds::CanAuthenticate(settings.StringOr("tls", "required"),
                               settings.StringOr("sasl", "required"),
                               settings.BooleanOr("dialback", true)))
      return;
    faults_.push_back(
        {id,
         "usable",
         true,
         "XMPP partner " + partner.domain + " is allowed neither SASL over TLS nor dialback",
         "no stream to it can be authenticated",
         "let the XMPP partner " + partner.domain + " authenticate",
         {"Set-CsXmppAllowedPartner" + identity +
          " -SupportDialbackNegotiation $true   # or TLS and SASL, as it supports"},
         partner.origin});
  }

  const View& view_;
  const Organization& organization_;
  std::vector<PolicyFault> faults_;
};

}  // namespace

std::vector<PolicyFault> PolicyFaults(const View& view) { return Finder(view).Run(); }

std::vector<std::string> WeakPartners(const View& view) {
  std::vector<std::string> texts;
  if (!view.hosting().IsDeclared(Protocol::kXmpp)) return texts;
  for (const auto& [name, partner] : view.organization().partners) {
    const Value* seen = view.observed().Properties(kinds::XmppPartner(partner.domain));
    if (!partner.xmpp || seen == nullptr) continue;
    const bool tls = seen->StringOr("tls", "") == "required";
    const std::string_view sasl = seen->StringOr("sasl", "");
    const bool dialback = seen->BooleanOr("dialback", false);
    if (sasl != "notSupported" && !tls) {
      texts.push_back("SASL with XMPP partner " + partner.domain +
                      " is allowed though TLS is not required: it can fall away with TLS");
    } else if (tls && sasl == "required" && dialback) {
      texts.push_back("dialback with XMPP partner " + partner.domain +
                      " is allowed and never runs: TLS and SASL are both required");
    }
  }
  return texts;
}

}  // namespace poolshift
