#include "providers/dns/update/guard.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "controller/model/digest.h"
#include "fmt/format.h"

namespace poolshift::dns {
namespace {

constexpr std::string_view kVersion = "poolshift1";
constexpr std::size_t kSlotHead = 4;    // strings before the marks of a slot
constexpr std::size_t kMarkFields = 4;  // strings of a mark
constexpr int kSlots = 32;
constexpr std::uint32_t kGuardTtl =
    60;  // seconds; nobody but us reads it, and we ask the authority

bool IsFence(const Fields& fields) {
  return (fields.size() == 4 || fields.size() == 5) && fields[0] == kVersion &&
         fields[1] == "fence";
}

bool IsSlot(const Fields& fields) {
  return fields.size() > kSlotHead && (fields.size() - kSlotHead) % kMarkFields == 0 &&
         fields[0] == kVersion && fields[1] == "marks";
}

// -1 when it is no number.
std::int64_t Token(const std::string& text) {
  std::int64_t token = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), token);
  return fault == std::errc() && end == text.data() + text.size() ? token : -1;
}

std::vector<Mark> MarksOf(const Fields& slot) {
  std::vector<Mark> marks;
  for (std::size_t at = kSlotHead; at < slot.size(); at += kMarkFields) {
    marks.push_back({.organization = slot[2],
                     .name = slot[at + 1],
                     .type = slot[at + 2],
                     .action = slot[at + 3],
                     .owns = slot[at] == "owns"});
  }
  return marks;
}

std::string SlotOf(const Mark& mark) {
  const std::string digest = Digest(fmt::format("{}/{}", mark.name, mark.type));
  return std::to_string(std::stoi(digest.substr(0, 4), nullptr, 16) % kSlots);
}

Fields ToSlot(const std::string& organization, const std::string& slot, std::vector<Mark> marks) {
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) {
    return std::tie(a.name, a.type) < std::tie(b.name, b.type);
  });
  Fields fields{std::string(kVersion), "marks", organization, slot};
  for (const Mark& mark : marks) {
    for (const std::string& field :
         {std::string(mark.owns ? "owns" : "deleted"), mark.name, mark.type, mark.action}) {
      fields.push_back(field);
    }
  }
  return fields;
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

StandingFence Guard::FenceOf(std::string_view organization) const {
  StandingFence fence;
  for (const Fields& fields : records) {
    if (!IsFence(fields) || fields[2] != organization) continue;
    const std::int64_t token = Token(fields[3]);
    if (token > fence.token) fence = {token, fields.size() == 5 ? fields[4] : ""};
  }
  return fence;
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
    if (IsSlot(fields)) {
      for (Mark& mark : MarksOf(fields))
        guard.marks.push_back(std::move(mark));
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

void AdvanceFence(const Guard& guard,
                  const std::string& organization,
                  const StandingFence& fence,
                  UpdateMessage& update) {
  update.prerequisites.push_back(
      {GuardName(update.zone), "TXT", !guard.records.empty(), guard.records});
  std::vector<Fields> fences;
  for (const Fields& fields : guard.records) {
    if (IsFence(fields) && fields[2] == organization) fences.push_back(fields);
  }
  Fields fresh{std::string(kVersion), "fence", organization, std::to_string(fence.token)};
  if (!fence.lease.empty()) fresh.push_back(fence.lease);
  Replace(fences, fresh, update);
}

void Advance(const Guard& guard, const Mark& mark, std::int64_t token, UpdateMessage& update) {
  StandingFence fence = guard.FenceOf(mark.organization);
  fence.Pass(token);
  AdvanceFence(guard, mark.organization, fence, update);
  const std::string slot = SlotOf(mark);
  std::vector<Fields> slots;
  std::vector<Mark> marks{mark};
  for (const Fields& fields : guard.records) {
    if (fields.size() < 4 || fields[2] != mark.organization) continue;
    if (!IsSlot(fields) || fields[3] != slot) continue;
    slots.push_back(fields);
    for (Mark& other : MarksOf(fields)) {
      if (!SameSet(other, mark)) marks.push_back(std::move(other));
    }
  }
  Replace(slots, ToSlot(mark.organization, slot, std::move(marks)), update);
}

}  // namespace poolshift::dns
