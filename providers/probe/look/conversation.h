// Conversations: what is said on a connection that is open, and what is made of the answers. Each
// ends by its deadline.
#pragma once

#include <string>

#include "providers/probe/look/looking.h"

namespace poolshift::probe {

struct Conversation {
  bool spoke = false;  // as Answer::spoke
  std::string evidence;
  PeerCertificate certificate;
};

Conversation TalkTls(const Eyes& eyes,
                     Stream& stream,
                     const Question& question,
                     absl::Time deadline);
Conversation TalkSip(const Eyes& eyes,
                     Stream& stream,
                     const Question& question,
                     absl::Time deadline);
// About one of the question's domains.
Conversation TalkXmpp(const Eyes& eyes,
                      Stream& stream,
                      const std::string& domain,
                      absl::Time deadline);

// Begins TLS; fills the certificate and begins the evidence with "TLSv1.3". False: that failed, and
// the evidence tells how.
bool BeginTls(const Eyes& eyes,
              Stream& stream,
              const std::string& server,
              absl::Time deadline,
              Conversation& talk);

// "" when a partner would accept the certificate for all `names`, else why not.
std::string CertificateFault(const PeerCertificate& certificate,
                             const std::vector<std::string>& names,
                             Use use);

// Appends "; item".
void AddEvidence(std::string_view item, std::string& evidence);
// The same of an error that reading or writing ended with.
void AddFailure(const Eyes& eyes, const absl::Status& status, std::string& evidence);

}  // namespace poolshift::probe
