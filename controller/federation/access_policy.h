// Access policy (I-20): what must be allowed for federation to work, whoever hosts it: the switches
// of the organisation, and each declared XMPP partner on the list with settings that can
// authenticate a stream. Poolshift changes none of it; a person does.
#pragma once

#include <string>
#include <vector>

#include "controller/federation/view.h"
#include "controller/model/value.h"

namespace poolshift {

// One thing that is not allowed as it must be.
struct PolicyFault {
  ResourceId id;         // AccessConfig or XmppPartner
  std::string property;  // that must have the value `wanted`
  Value wanted;
  std::string what;                   // "AllowFederatedUsers is off"
  std::string consequence;            // "no federation works, whoever hosts it"
  std::string remedy;                 // "turn AllowFederatedUsers on"
  std::vector<std::string> commands;  // exactly what to run
  Origin origin;                      // the line that needs it

  std::string text() const { return what + ": " + consequence; }
};

// What could not be looked at is no fault.
std::vector<PolicyFault> PolicyFaults(const View& view);

// Settings of declared partners that work and weaken something, a sentence each (domain.md b.5).
std::vector<std::string> WeakPartners(const View& view);

}  // namespace poolshift
