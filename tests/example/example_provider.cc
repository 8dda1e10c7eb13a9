// poolshift-provider-example: DNS record sets kept as text files, one a record set, for a zone
// whose host picks them up from a folder. docs/write-a-provider.md walks through it.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "controller/federation/kinds.h"
#include "controller/world/files.h"
#include "providers/sdk/service.h"

namespace poolshift {
namespace {

constexpr std::size_t kLargestFile = 65536;

class RecordFolder final : public sdk::Service {
 public:
  std::vector<std::string> Configure(const sdk::Configuration& configuration) override {
    const std::string_view folder = configuration.configuration.StringOr("folder", "");
    if (folder.empty()) return {"`folder` is missing: say where the record files are"};
    folder_ = folder[0] == '/' ? std::string(folder)
                               : configuration.base_directory + '/' + std::string(folder);
    if (!files_.List(folder_).ok()) return {"`folder`: " + folder_ + " cannot be listed; make it"};
    return {};
  }

  sdk::Description Describe() override {
    return {"example", "1.0", {*kinds::FindKindSchema(kinds::kDnsRecordSet)}, false, {}};
  }

  std::vector<Observation> Observe(const std::vector<ObservationKey>& keys, absl::Time) override {
    std::vector<Observation> observations;
    for (const ObservationKey& key : keys)
      observations.push_back(Look(key));
    return observations;
  }

  std::vector<std::string> Preview(const Action& action) override {
    if (action.after.is_null()) return {"rm " + PathOf(action.target)};
    return {"write " + PathOf(action.target) + ": " + DisplayText(Whole(action))};
  }

  sdk::Result Apply(const Action& action,
                    std::string_view,
                    std::int64_t,
                    sdk::Call& call) override {
    sdk::Result result;
    if (HoldsLineEnd(action.after)) {  // it would be read back as two records
      result.outcome = sdk::Outcome::kUnsupported;
      result.message = "a record holds a line end";
      return result;
    }
    call.Progress("writing " + PathOf(action.target));
    const absl::Status status =
        action.after.is_null() ? files_.Remove(PathOf(action.target))
                               : files_.Replace(PathOf(action.target), TextOf(Whole(action)), 0644);
    if (status.ok()) {
      result.outcome = sdk::Outcome::kDone;
      result.observation = Look({action.target, ""});
    } else {
      result.outcome =
          absl::IsPermissionDenied(status) ? sdk::Outcome::kPermission : sdk::Outcome::kFailed;
      result.message = std::string(status.message());
    }
    return result;
  }

 private:
  // "DnsRecordSet/xmpp.contoso.com/A" is the file "xmpp.contoso.com,A".
  std::string PathOf(const ResourceId& id) const {
    std::string name = id.name;
    for (char& letter : name)
      letter = letter == '/' ? ',' : letter;
    return folder_ + '/' + name;
  }

  // A change may name only what changes.
  static Value Whole(const Action& action) {
    Value whole = action.before.is_null() ? Value(Value::Map{}) : action.before;
    for (const auto& [name, member] : action.after.map())
      whole.Set(name, member);
    return whole;
  }

  static bool HoldsLineEnd(const Value& properties) {
    const Value* records = properties.Find("records");
    if (records == nullptr) return false;
    for (const Value& record : records->list()) {
      if (!record.is_string() || record.string().find('\n') != std::string::npos) return true;
    }
    return false;
  }

  // The first line is the TTL, each other one a record.
  static std::string TextOf(const Value& properties) {
    std::string text = std::to_string(properties.IntegerOr("ttl", 0)) + '\n';
    for (const Value& record : properties.Find("records")->list())
      text += record.string() + '\n';
    return text;
  }

  Observation Look(const ObservationKey& key) {
    Observation seen;
    const absl::StatusOr<std::string> text = files_.Read(PathOf(key.id), kLargestFile);
    if (absl::IsNotFound(text.status()) && files_.List(folder_).ok()) {
      seen.presence = Presence::kAbsent;  // looked, and it is not there; the folder is
      return seen;
    }
    if (!text.ok()) {
      seen.reason = text.status().ToString();  // could not look: kUnreachable, never kAbsent
      return seen;
    }
    const std::size_t first = text->find('\n');
    Value::List records;
    for (std::size_t at = first + 1, end; (end = text->find('\n', at)) < text->size();
         at = end + 1) {
      records.push_back(text->substr(at, end - at));
    }
    seen.presence = Presence::kPresent;
    seen.properties =
        Value::Map{{"ttl", std::atoi(text->c_str())}, {"records", std::move(records)}};
    return seen;
  }

  std::string folder_;
  RealFiles files_;
};

}  // namespace
}  // namespace poolshift

int main(int argc, char** argv) {
  return poolshift::sdk::Serve(
      argc, argv, [] { return std::make_unique<poolshift::RecordFolder>(); });
}
