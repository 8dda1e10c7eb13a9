// Writing: carries one action out at the primary of its zone, and finds out what became of one.
//
// An update whose answer is lost is sent again: its prerequisites let at most one copy take effect,
// and the mark in the zone then tells whether one did. Thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "providers/dns/update/decision.h"
#include "providers/dns/update/dns_transport.h"
#include "providers/sdk/service.h"

namespace poolshift::dns {

// Both are borrowed.
class Writer {
 public:
  Writer(DnsTransport& transport, const Settings& settings)
      : transport_(transport), settings_(settings) {}

  sdk::Result Apply(const Action& action,
                    std::string_view key,
                    std::int64_t token,
                    sdk::Call& call) const;

  // What the mark that bears the key says. Nothing when no zone has one (a zone without marks has
  // none; the caller then compares what it observes); kEffectUnknown while a zone that may have one
  // does not answer.
  std::optional<sdk::Result> Lookup(std::string_view key) const;

 private:
  DnsTransport& transport_;
  const Settings& settings_;
};

}  // namespace poolshift::dns
