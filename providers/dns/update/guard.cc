#include "providers/dns/update/guard.h"

#include <algorithm>
#include <charconv>

#include "controller/model/digest.h"
#include "fmt/format.h"

namespace poolshift::dns {
namespace {

constexpr std::string_view kVersion = "poolshift1";
constexpr std::uint32_t kGuardTtl =
    60;  // seconds; nobody but us reads it, and we ask the authority

bool IsFence(const Fields& fields) {
  return fields.size() == 4 && fields[0] == kVersion && fields[1] == "fence";
}

bool IsMark(const Fields& fields) {
  return fields.size() == 6 && fields[0] == kVersion &&
         (fields[1] == "owns" || fields[1] == "deleted");
}

// -1 when it is no number.
std::int64_t Token(const std::string& text) {
  std::int64_t token = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), token);
  return fault == std::errc() && end == text.data() + text.size() ? token : -1;
}

Mark ToMark(const Fields& fields) {
  return {.organization = fields[2],
          .name = fields[3],
          .type = fields[4],
          .action = fields[5],
          .owns = fields[1] == "owns"};
}

bool SameSet(const Mark& a, const Mark& b) {
  return a.organization == b.organization && a.name == b.name && a.type == b.type;
}

void Replace(const std::vector<Fields>& old, const Fields& fresh, UpdateMessage& update) {
  const std::string name = GuardName(update.zone);
  if (old.size() == 1 && old[0] == fresh) return;
  for (const Fields& fields : old) {
    update.changes.push_back({Change::Kind::kDeleteRecord, name, "TXT", 0, fields});
  }
  update.changes.push_back({Change::Kind::kAdd, name, "TXT", kGuardTtl, fresh});
}

}  // namespace

std::int64_t Guard::TokenOf(std::string_view organization) const {
  std::int64_t greatest = 0;
  for (const Fields& fields : records) {
    if (IsFence(fields) && fields[2] == organization)
      greatest = std::max(greatest, Token(fields[3]));
  }
  return greatest;
}

std::string Guard::OwnerOf(std::string_view name, std::string_view type) const {
  const auto mark = std::find_if(marks.begin(), marks.end(), [&](const Mark& each) {
    return each.owns && each.name == name && each.type == type;
  });
  return mark == marks.end() ? "" : mark->organization;
}

std::string Guard::ActionOn(const Mark& mark) const {
  const auto found = std::find_if(
      marks.begin(), marks.end(), [&](const Mark& each) { return SameSet(each, mark); });
  return found == marks.end() ? "" : found->action;
}

Guard ReadGuard(std::vector<Fields> records) {
  Guard guard;
  guard.records = std::move(records);
  for (const Fields& fields : guard.records) {
    if (IsMark(fields)) {
      guard.marks.push_back(ToMark(fields));
      continue;
    }
    const bool ours = !fields.empty() && fields[0].substr(0, 9) == kVersion.substr(0, 9);
    if (ours && !(IsFence(fields) && Token(fields[3]) >= 0)) {
      guard.fault =
          fmt::format("a record that is neither fence nor mark: {}", ZoneFileText("TXT", fields));
    }
  }
  return guard;
}

std::string GuardName(std::string_view zone) { return fmt::format("_poolshift.{}", zone); }

std::string ActionMark(std::string_view key) { return Digest(key).substr(0, 32); }

void Advance(const Guard& guard, const Mark& mark, std::int64_t token, UpdateMessage& update) {
  update.prerequisites.push_back(
      {GuardName(update.zone), "TXT", !guard.records.empty(), guard.records});
  std::vector<Fields> fences, marks;
  for (const Fields& fields : guard.records) {
    if (IsFence(fields) && fields[2] == mark.organization) fences.push_back(fields);
    if (IsMark(fields) && SameSet(ToMark(fields), mark)) marks.push_back(fields);
  }
  Replace(
      fences, {std::string(kVersion), "fence", mark.organization, std::to_string(token)}, update);
  Replace(marks,
          {std::string(kVersion),
           mark.owns ? "owns" : "deleted",
           mark.organization,
           mark.name,
           mark.type,
           mark.action},
          update);
}

}  // namespace poolshift::dns
