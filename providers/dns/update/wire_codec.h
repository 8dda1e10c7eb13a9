// The wire format, made and read by ldns, and by ldns alone: no other file includes it.
//
// Three of its habits are answered here: it hides why a server refused a signature (the error is
// read from the TSIG record itself), it verifies with whatever algorithm the answer names (ours is
// demanded), and it hands out memory by hand (everything is held by unique_ptr). Thread-safe:
// nothing is shared between calls.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "providers/dns/update/dns_transport.h"
#include "providers/dns/update/tsig_key.h"

namespace poolshift::dns {

using Bytes = std::vector<std::uint8_t>;

struct SignedMessage {
  Bytes wire;
  Bytes mac;  // of the request: part of what the answer signs
  std::uint16_t id = 0;
};

// Invalid argument when a name or a record cannot be written, or the message exceeds 65,535 bytes.
absl::StatusOr<SignedMessage> EncodeQuery(std::string_view name,
                                          std::string_view type,
                                          const TsigKey& key);
absl::StatusOr<SignedMessage> EncodeUpdate(const UpdateMessage& update, const TsigKey& key);

struct Answer {
  enum class Trust {
    kStray,      // not an answer to the question: other id, no DNS at all
    kTruncated,  // ask again over TCP
    kRefusal,    // an error that carries no signature
    kForged,     // no signature, or a wrong one, where there has to be one
    kVerified,
  };
  Trust trust = Trust::kStray;
  Reply reply;  // of kRefusal and kVerified; `problem` of kForged
};
Answer DecodeAnswer(const Bytes& wire, const SignedMessage& question, const TsigKey& key);

}  // namespace poolshift::dns
