#include "providers/dns/update/wire_codec.h"

#include <cstdlib>
#include <memory>
#include <random>

#include "absl/status/status.h"

#include "controller/model/try.h"
#include "fmt/format.h"
#include <ldns/ldns.h>

namespace poolshift::dns {
namespace {

constexpr std::uint16_t kFudgeSeconds = 300;      // RFC 8945 §10
constexpr std::uint16_t kUdpPayloadBytes = 1232;  // below every common path MTU

struct Free {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
  void operator()(ldns_rr* record) const { ldns_rr_free(record); }
  void operator()(ldns_rdf* field) const { ldns_rdf_deep_free(field); }
  void operator()(ldns_rr_list* list) const { ldns_rr_list_deep_free(list); }
  void operator()(char* text) const { std::free(text); }  // ldns allocates with malloc
  void operator()(std::uint8_t* bytes) const { std::free(bytes); }
};
template <typename T>
using Held = std::unique_ptr<T, Free>;

absl::StatusOr<ldns_rr_type> TypeNumber(std::string_view type) {
  const ldns_rr_type number = ldns_get_rr_type_by_name(std::string(type).c_str());
  if (number != 0) return number;
  return absl::InvalidArgumentError(fmt::format("`{}` is no type of record", type));
}

absl::StatusOr<Held<ldns_rdf>> NameField(std::string_view name) {
  Held<ldns_rdf> field(ldns_dname_new_frm_str(std::string(name).c_str()));
  if (field) return field;
  return absl::InvalidArgumentError(fmt::format("`{}` is no DNS name", name));
}

ldns_rdf_type FieldType(std::string_view type, std::size_t index) {
  if (type == "A") return LDNS_RDF_TYPE_A;
  if (type == "AAAA") return LDNS_RDF_TYPE_AAAA;
  if (type == "TXT") return LDNS_RDF_TYPE_STR;
  return index < 3 ? LDNS_RDF_TYPE_INT16 : LDNS_RDF_TYPE_DNAME;
}

absl::StatusOr<Held<ldns_rdf>> DataField(ldns_rdf_type type, const std::string& text) {
  if (type == LDNS_RDF_TYPE_DNAME) return NameField(text);
  Held<ldns_rdf> field;
  if (type == LDNS_RDF_TYPE_STR && text.size() <= 255) {
    // Not by ldns's text parser, so that no byte of a string is special.
    const std::string counted = static_cast<char>(text.size()) + text;
    field.reset(ldns_rdf_new_frm_data(type, counted.size(), counted.data()));
  } else if (type != LDNS_RDF_TYPE_STR) {
    field.reset(ldns_rdf_new_frm_str(type, text.c_str()));
  }
  if (field) return field;
  return absl::InvalidArgumentError(fmt::format("`{}` cannot be written into a record", text));
}

struct Draft {
  std::string_view name, type;
  ldns_rr_class rr_class = LDNS_RR_CLASS_IN;
  std::uint32_t ttl = 0;
  const Fields* fields = nullptr;  // null: a record without data
};

absl::StatusOr<Held<ldns_rr>> MakeRecord(const Draft& draft) {
  POOLSHIFT_ASSIGN(const ldns_rr_type type, TypeNumber(draft.type));
  POOLSHIFT_ASSIGN(Held<ldns_rdf> owner, NameField(draft.name));
  Held<ldns_rr> record(ldns_rr_new());
  ldns_rr_set_owner(record.get(), owner.release());
  ldns_rr_set_type(record.get(), type);
  ldns_rr_set_class(record.get(), draft.rr_class);
  ldns_rr_set_ttl(record.get(), draft.ttl);
  if (draft.fields == nullptr) return record;
  for (std::size_t i = 0; i < draft.fields->size(); ++i) {
    POOLSHIFT_ASSIGN(Held<ldns_rdf> field, DataField(FieldType(draft.type, i), (*draft.fields)[i]));
    if (!ldns_rr_push_rdf(record.get(), field.get())) {
      return absl::InternalError("the record could not be built");
    }
    field.release();
  }
  return record;
}

absl::Status Push(ldns_rr_list& list, const Draft& draft) {
  POOLSHIFT_ASSIGN(Held<ldns_rr> record, MakeRecord(draft));
  if (!ldns_rr_list_push_rr(&list, record.get())) {
    return absl::InternalError("the list of records could not grow");
  }
  record.release();
  return absl::OkStatus();
}

absl::Status PushPrerequisite(ldns_rr_list& list, const Prerequisite& prerequisite) {
  Draft draft{.name = prerequisite.name, .type = prerequisite.type};
  for (const Fields& fields : prerequisite.records) {
    draft.fields = &fields;
    POOLSHIFT_TRY(Push(list, draft));
  }
  if (!prerequisite.records.empty()) return absl::OkStatus();
  draft.rr_class = prerequisite.exists ? LDNS_RR_CLASS_ANY : LDNS_RR_CLASS_NONE;
  return Push(list, draft);
}

absl::Status PushChange(ldns_rr_list& list, const Change& change) {
  Draft draft{.name = change.name, .type = change.type};
  switch (change.kind) {
    case Change::Kind::kDeleteSet:
      draft.rr_class = LDNS_RR_CLASS_ANY;
      break;
    case Change::Kind::kDeleteRecord:
      draft.rr_class = LDNS_RR_CLASS_NONE;
      draft.fields = &change.fields;
      break;
    case Change::Kind::kAdd:
      draft.ttl = change.ttl;
      draft.fields = &change.fields;
      break;
  }
  return Push(list, draft);
}

absl::StatusOr<SignedMessage> Sign(ldns_pkt& packet, const TsigKey& key) {
  std::random_device random;
  SignedMessage message;
  message.id = static_cast<std::uint16_t>(random());
  ldns_pkt_set_id(&packet, message.id);
  const std::string algorithm = key.algorithm() + ".";
  const ldns_status signature = ldns_pkt_tsig_sign(
      &packet, key.name().c_str(), key.secret().c_str(), kFudgeSeconds, algorithm.c_str(), nullptr);
  if (signature != LDNS_STATUS_OK) {
    return absl::InternalError(
        fmt::format("the message could not be signed: {}", ldns_get_errorstr_by_id(signature)));
  }
  const ldns_rdf* mac = ldns_rr_rdf(ldns_pkt_tsig(&packet), 3);
  message.mac.assign(ldns_rdf_data(mac), ldns_rdf_data(mac) + ldns_rdf_size(mac));
  std::uint8_t* wire = nullptr;
  std::size_t size = 0;
  const ldns_status written = ldns_pkt2wire(&wire, &packet, &size);
  const Held<std::uint8_t> held(wire);
  if (written != LDNS_STATUS_OK || size > 65535) {
    return absl::InvalidArgumentError(
        "the message exceeds the 65,535 bytes that the protocol allows: change fewer or shorter "
        "records at once");
  }
  message.wire.assign(wire, wire + size);
  return message;
}

std::string Text(const ldns_rdf* field) {
  const Held<char> text(ldns_rdf2str(field));
  return text ? std::string(text.get()) : std::string();
}

std::string FieldText(const ldns_rdf* field) {
  if (ldns_rdf_get_type(field) == LDNS_RDF_TYPE_STR) {
    const auto* bytes = reinterpret_cast<const char*>(ldns_rdf_data(field));
    return std::string(bytes + 1, ldns_rdf_size(field) - 1);
  }
  std::string text = Text(field);
  const bool name = ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME;
  if (name && text.size() > 1) text.pop_back();  // the final dot
  return text;
}

Record ReadRecord(const ldns_rr* rr, std::string type) {
  Record record{.name = NormalName(Text(ldns_rr_owner(rr))),
                .type = std::move(type),
                .ttl = ldns_rr_ttl(rr),
                .fields = {}};
  if (record.type == "SOA") {
    if (ldns_rr_rd_count(rr) > 2) record.fields.push_back(Text(ldns_rr_rdf(rr, 2)));
    return record;
  }
  for (std::size_t i = 0; i < ldns_rr_rd_count(rr); ++i) {
    record.fields.push_back(FieldText(ldns_rr_rdf(rr, i)));
  }
  if (record.type == "AAAA") {
    record.fields =
        ParseRecordText("AAAA", RecordText("AAAA", record.fields)).value_or(record.fields);
  }
  return record;
}

std::vector<Record> ReadRecords(const ldns_rr_list* list) {
  std::vector<Record> records;
  for (std::size_t i = 0; list != nullptr && i < ldns_rr_list_rr_count(list); ++i) {
    const ldns_rr* rr = ldns_rr_list_rr(list, i);
    const Held<char> type(ldns_rr_type2str(ldns_rr_get_type(rr)));
    const std::string name = type ? type.get() : "";
    const bool wanted = IsSupportedType(name) || name == "SOA" || name == "CNAME";
    if (wanted && ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN) {
      records.push_back(ReadRecord(rr, name));
    }
  }
  return records;
}

// The TSIG record's own error; 0 when it has none.
int TsigError(const ldns_rr* tsig) {
  return tsig != nullptr && ldns_rr_rd_count(tsig) > 5 ? ldns_rdf2native_int16(ldns_rr_rdf(tsig, 5))
                                                       : 0;
}

// Why the answer's signature does not hold; empty when it does.
std::string SignatureFault(ldns_pkt& packet,
                           const Bytes& wire,
                           const SignedMessage& question,
                           const TsigKey& key) {
  const ldns_rr* tsig = ldns_pkt_tsig(&packet);
  if (tsig == nullptr || ldns_rr_rd_count(tsig) < 7) return "its answer is not signed";
  if (NormalName(Text(ldns_rr_owner(tsig))) != key.name()) {
    return "its answer is signed with another key than `" + key.name() + "`";
  }
  if (NormalName(Text(ldns_rr_rdf(tsig, 0))) != key.algorithm()) {
    return "its answer is signed with another algorithm than " + key.algorithm();
  }
  const Held<ldns_rdf> mac(
      ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, question.mac.size(), question.mac.data()));
  const bool good = ldns_pkt_tsig_verify(
      &packet, wire.data(), wire.size(), key.name().c_str(), key.secret().c_str(), mac.get());
  return good ? "" : "the signature of its answer is wrong";
}

// Only these may come unsigned: a server that does not know the key, or not TSIG at all, cannot
// sign them. What would look like an effect or a state of the zone must be signed.
bool MayBeUnsigned(Rcode rcode) {
  return rcode == Rcode::kFormErr || rcode == Rcode::kServFail || rcode == Rcode::kNotImp ||
         rcode == Rcode::kRefused || rcode == Rcode::kNotAuth;
}

}  // namespace

absl::StatusOr<SignedMessage> EncodeQuery(std::string_view name,
                                          std::string_view type,
                                          const TsigKey& key) {
  POOLSHIFT_ASSIGN(const ldns_rr_type number, TypeNumber(type));
  POOLSHIFT_ASSIGN(Held<ldns_rdf> owner, NameField(name));
  const Held<ldns_pkt> packet(ldns_pkt_query_new(owner.release(), number, LDNS_RR_CLASS_IN, 0));
  if (!packet) return absl::InternalError("the question could not be built");
  ldns_pkt_set_edns_udp_size(packet.get(), kUdpPayloadBytes);
  return Sign(*packet, key);
}

absl::StatusOr<SignedMessage> EncodeUpdate(const UpdateMessage& update, const TsigKey& key) {
  const Held<ldns_rr_list> prerequisites(ldns_rr_list_new());
  const Held<ldns_rr_list> changes(ldns_rr_list_new());
  const Held<ldns_rr_list> additional(ldns_rr_list_new());
  for (const Prerequisite& prerequisite : update.prerequisites) {
    POOLSHIFT_TRY(PushPrerequisite(*prerequisites, prerequisite));
  }
  for (const Change& change : update.changes)
    POOLSHIFT_TRY(PushChange(*changes, change));
  POOLSHIFT_ASSIGN(Held<ldns_rdf> zone, NameField(update.zone));
  const Held<ldns_pkt> packet(ldns_update_pkt_new(
      zone.release(), LDNS_RR_CLASS_IN, prerequisites.get(), changes.get(), additional.get()));
  if (!packet) return absl::InternalError("the update could not be built");
  return Sign(*packet, key);
}

Answer DecodeAnswer(const Bytes& wire, const SignedMessage& question, const TsigKey& key) {
  Answer answer;
  ldns_pkt* parsed = nullptr;
  const ldns_status status = ldns_wire2pkt(&parsed, wire.data(), wire.size());
  const Held<ldns_pkt> packet(parsed);
  if (status != LDNS_STATUS_OK || !ldns_pkt_qr(parsed) || ldns_pkt_id(parsed) != question.id) {
    return answer;
  }
  Reply& reply = answer.reply;
  reply.rcode = static_cast<Rcode>(ldns_pkt_get_rcode(parsed));
  reply.tsig_error = TsigError(ldns_pkt_tsig(parsed));
  const std::string fault = SignatureFault(*parsed, wire, question, key);
  if (ldns_pkt_tc(parsed)) {
    answer.trust = Answer::Trust::kTruncated;
  } else if (fault.empty()) {
    answer.trust = Answer::Trust::kVerified;
    reply.state = Reply::State::kAnswered;
    reply.verified = true;
    reply.authoritative = ldns_pkt_aa(parsed);
    reply.records = ReadRecords(ldns_pkt_answer(parsed));
  } else if (MayBeUnsigned(reply.rcode)) {
    answer.trust = Answer::Trust::kRefusal;
    reply.state = Reply::State::kAnswered;
  } else {
    answer.trust = Answer::Trust::kForged;
    reply.state = Reply::State::kLost;
    reply.problem = fault;
  }
  return answer;
}

}  // namespace poolshift::dns
