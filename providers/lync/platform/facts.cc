#include "providers/lync/platform/facts.h"

#include "absl/strings/escaping.h"

namespace poolshift::lync {
namespace {

Value Arguments(const FactNames& names, const std::vector<std::string>& pools) {
  return Value::Map{{"facts", Value::List(names.begin(), names.end())},
                    {"pools", Value::List(pools.begin(), pools.end())}};
}

// Who is asked by a person's hand is asked for everything at once.
FactNames Wanted(const Shell& shell, const FactNames& names, const FactNames& all) {
  return shell.by_hand() ? all : names;
}

const FactNames kOfStore = {"document",
                            "sites",
                            "edges",
                            "associations",
                            "replicas",
                            "central",
                            "access",
                            "partners",
                            "domains",
                            "backups"};
const FactNames kOfServer = {"host", "document", "services", "sockets", "certificates"};

}  // namespace

Facts::Facts(Answer answer) : answer_(std::move(answer)) {
  const Value* encoded = Find("document");
  if (encoded == nullptr) return;
  std::string text;
  if (!encoded->is_string() || !absl::Base64Unescape(encoded->string(), &text)) {
    document_fault_ = "the document came in another form than base64";
    return;
  }
  absl::StatusOr<TopologyDocument> document = TopologyDocument::Parse(std::move(text));
  if (document.ok()) {
    document_ = *std::move(document);
  } else {
    document_fault_ = std::string(document.status().message());
  }
}

const Value* Facts::Find(std::string_view fact) const {
  if (answer_.fault) return nullptr;
  const Value* value = answer_.value.Find(fact);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string Facts::Why(std::string_view fact) const {
  if (answer_.fault) return answer_.fault->text;
  if (fact == "document" && !document_fault_.empty()) return document_fault_;
  const Value* faults = answer_.value.Find("faults");
  const Value* fault = faults == nullptr ? nullptr : faults->Find(fact);
  if (fault != nullptr && fault->is_map()) return FaultOf(*fault).text;
  return "the answer does not say `" + std::string(fact) + "`";
}

Facts LookAtStore(Shell& admin,
                  const FactNames& names,
                  const std::vector<std::string>& pools,
                  absl::Time deadline) {
  return Facts(
      RunScript(admin, "look-store", Arguments(Wanted(admin, names, kOfStore), pools), deadline));
}

Facts LookAtServer(Shell& server, const FactNames& names, absl::Time deadline) {
  return Facts(
      RunScript(server, "look-server", Arguments(Wanted(server, names, kOfServer), {}), deadline));
}

std::optional<std::int64_t> Milliseconds(std::string_view iso) {
  absl::Time time;
  std::string fault;
  if (!absl::ParseTime(absl::RFC3339_full, {iso.data(), iso.size()}, &time, &fault))
    return std::nullopt;
  return absl::ToUnixMillis(time);
}

}  // namespace poolshift::lync
