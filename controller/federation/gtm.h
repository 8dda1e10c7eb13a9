// Traffic managers (D16): where the name that one answers leads, as outside vantages resolve it,
// and where it should.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controller/federation/view.h"
#include "controller/model/plan.h"

namespace poolshift {

struct Gtm {
  const Domain* domain = nullptr;         // borrowed from the organisation
  std::vector<Expectation> expectations;  // of every vantage: nothing but the host's addresses
  int looked = 0;                         // vantages and address families that could be looked at
  std::int64_t ttl = 0;                   // greatest that was seen, seconds
  bool leads_there = false;               // as many vantages as the policy requires say so
  bool leads_elsewhere = false;           // not that many, and some resolve it to something else
  std::string answers;                    // "203.0.113.11 seen by oslo, dublin; ..."
};

// Of every domain whose SIP has one, by domain; `host` is where they should lead.
std::vector<Gtm> Gtms(const View& view, const EdgePool& host);

}  // namespace poolshift
