#include "providers/dns/update/signed_transport.h"

#include <algorithm>

#include "absl/time/clock.h"

#include "fmt/format.h"
#include "providers/dns/update/exchange.h"
#include "providers/dns/update/wire_codec.h"

namespace poolshift::dns {
namespace {

// Larger messages would travel as fragments, which many firewalls drop.
constexpr std::size_t kLargestDatagram = 1200;

Reply NotSent(const absl::Status& status) {
  Reply reply;
  reply.problem = std::string(status.message());
  return reply;
}

// Answers that arrived and were not believed are named instead of the silence after them.
Reply Unanswered(const Delivery& delivery, const std::string& disbelieved) {
  Reply reply;
  reply.state = delivery.sent ? Reply::State::kLost : Reply::State::kNotSent;
  reply.problem = disbelieved.empty() ? delivery.problem : disbelieved;
  return reply;
}

class SignedTransport : public DnsTransport {
 public:
  SignedTransport(std::shared_ptr<const TsigKey> key, absl::Duration patience)
      : key_(std::move(key)), patience_(patience) {}

  Reply Query(const Endpoint& server,
              std::string_view name,
              std::string_view type,
              absl::Time deadline) override {
    const auto message = EncodeQuery(name, type, *key_);
    if (!message.ok()) return NotSent(message.status());
    for (;;) {
      const absl::Time pause = std::min(deadline, absl::Now() + patience_);
      Reply reply = Ask(server, *message, pause, deadline);
      if (reply.state != Reply::State::kLost || absl::Now() >= deadline) return reply;
    }
  }

  Reply Update(const Endpoint& server, const UpdateMessage& update, absl::Time deadline) override {
    const auto message = EncodeUpdate(update, *key_);
    if (!message.ok()) return NotSent(message.status());
    return Ask(server, *message, deadline, deadline);
  }

 private:
  Reply Ask(const Endpoint& server,
            const SignedMessage& message,
            absl::Time pause,
            absl::Time deadline) const {
    if (message.wire.size() > kLargestDatagram) return AskStream(server, message, deadline);
    Answer answer;
    std::string disbelieved;
    const Delivery delivery =
        ExchangeDatagrams(server, message.wire, pause, [&](const Bytes& bytes) {
          answer = DecodeAnswer(bytes, message, *key_);
          if (answer.trust == Answer::Trust::kForged) disbelieved = answer.reply.problem;
          return answer.trust != Answer::Trust::kStray && answer.trust != Answer::Trust::kForged;
        });
    if (!delivery.accepted) return Unanswered(delivery, disbelieved);
    if (answer.trust == Answer::Trust::kVerified) return answer.reply;
    // Truncated, or a refusal that anybody could have forged by guessing a port: TCP is harder to
    // guess.
    Reply reply = AskStream(server, message, deadline);
    if (reply.state == Reply::State::kNotSent) {
      reply.state = Reply::State::kLost;  // the datagram did arrive
      if (answer.trust == Answer::Trust::kRefusal) {
        reply.problem = fmt::format("it answered {} without a signature, and {}",
                                    ToString(answer.reply.rcode),
                                    reply.problem);
      }
    }
    return reply;
  }

  Reply AskStream(const Endpoint& server, const SignedMessage& message, absl::Time deadline) const {
    Answer answer;
    std::string disbelieved;
    const Delivery delivery =
        ExchangeStream(server, message.wire, deadline, [&](const Bytes& bytes) {
          answer = DecodeAnswer(bytes, message, *key_);
          if (answer.trust == Answer::Trust::kForged) disbelieved = answer.reply.problem;
          return answer.trust == Answer::Trust::kVerified ||
                 answer.trust == Answer::Trust::kRefusal;
        });
    return delivery.accepted ? answer.reply : Unanswered(delivery, disbelieved);
  }

  const std::shared_ptr<const TsigKey> key_;
  const absl::Duration patience_;
};

}  // namespace

std::string ToString(const Endpoint& endpoint) {
  const bool v6 = endpoint.address.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", endpoint.address, v6 ? "]" : "", endpoint.port);
}

std::string ToString(Rcode rcode) {
  static constexpr const char* kNames[] = {"NOERROR",
                                           "FORMERR",
                                           "SERVFAIL",
                                           "NXDOMAIN",
                                           "NOTIMP",
                                           "REFUSED",
                                           "YXDOMAIN",
                                           "YXRRSET",
                                           "NXRRSET",
                                           "NOTAUTH",
                                           "NOTZONE"};
  const auto number = static_cast<std::size_t>(rcode);
  return number < std::size(kNames) ? kNames[number] : fmt::format("RCODE {}", number);
}

std::unique_ptr<DnsTransport> MakeSignedTransport(std::shared_ptr<const TsigKey> key,
                                                  absl::Duration patience) {
  return std::make_unique<SignedTransport>(std::move(key), patience);
}

}  // namespace poolshift::dns
