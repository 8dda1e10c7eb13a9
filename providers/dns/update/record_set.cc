#include "providers/dns/update/record_set.h"

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"

#include "controller/model/try.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace poolshift::dns {
namespace {

const Value* Member(const Value& value, const Value& fallback, std::string_view key) {
  const Value* member = value.Find(key);
  return member != nullptr ? member : fallback.Find(key);
}

}  // namespace

std::vector<std::string> Texts(std::string_view type, const std::vector<Fields>& records) {
  std::vector<std::string> texts;
  for (const Fields& fields : records)
    texts.push_back(RecordText(type, fields));
  std::sort(texts.begin(), texts.end());
  return texts;
}

bool SameSet(std::string_view type, const RecordSet& a, const RecordSet& b) {
  return a.ttl == b.ttl && Texts(type, a.records) == Texts(type, b.records);
}

std::string Describe(std::string_view type, const std::optional<RecordSet>& set) {
  if (!set) return "no such record set";
  return fmt::format("{} (ttl {})", fmt::join(Texts(type, set->records), ", "), set->ttl);
}

absl::StatusOr<RecordSet> ParseRecordSet(std::string_view type,
                                         const Value& value,
                                         const Value& fallback) {
  RecordSet set;
  const Value* records = Member(value, fallback, "records");
  const Value* ttl = Member(value, fallback, "ttl");
  if (records == nullptr || !records->is_list() || records->list().empty()) {
    return absl::InvalidArgumentError("`records` must be a list of at least one record");
  }
  if (ttl == nullptr || !ttl->is_integer() || ttl->integer() < 0 || ttl->integer() > INT32_MAX) {
    return absl::InvalidArgumentError("`ttl` must be a number of seconds from 0 to 2147483647");
  }
  set.ttl = static_cast<std::uint32_t>(ttl->integer());
  for (const Value& record : records->list()) {
    if (!record.is_string()) return absl::InvalidArgumentError("a record must be text");
    POOLSHIFT_ASSIGN(Fields fields, ParseRecordText(type, record.string()));
    if (std::find(set.records.begin(), set.records.end(), fields) == set.records.end()) {
      set.records.push_back(std::move(fields));
    }
  }
  return set;
}

absl::StatusOr<std::pair<std::string, std::string>> ParseSetName(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  std::string owner = NormalName(name.substr(0, slash));
  std::string type(slash == std::string_view::npos ? "" : name.substr(slash + 1));
  if (!IsOwnerName(owner) || !IsSupportedType(type)) {
    return absl::InvalidArgumentError(fmt::format(
        "`{}` is no name of a record set: write `<owner name>/<A|AAAA|SRV|TXT>`", name));
  }
  return std::make_pair(std::move(owner), std::move(type));
}

}  // namespace poolshift::dns
