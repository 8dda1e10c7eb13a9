#include "controller/gitops/page_sessions.h"

#include <array>
#include <cstdlib>

#include "absl/strings/escaping.h"

#include <sys/random.h>

namespace poolshift {
namespace {

// 32 bytes of the kernel's, as hexadecimal digits. They are looked up in a map: how long that takes
// tells nothing of use about 256 bits.
std::string Secret() {
  std::array<unsigned char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    std::abort();
  return absl::BytesToHexString({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

using Table = std::map<std::string, PageSessions::Session>;

// Of those that fit, the oldest goes once there are `most`.
template <typename Fits>
void MakeRoom(std::size_t most, const Fits& fits, Table& table) {
  std::size_t count = 0;
  auto oldest = table.end();
  for (auto each = table.begin(); each != table.end(); ++each) {
    if (!fits(each->second)) continue;
    ++count;
    if (oldest == table.end() || each->second.until < oldest->second.until) oldest = each;
  }
  if (count >= most) table.erase(oldest);
}

void Put(PageSessions::Session session, absl::Time now, Table& table) {
  using Session = PageSessions::Session;
  std::erase_if(table, [&](const auto& entry) { return entry.second.until <= now; });
  MakeRoom(
      PageSessions::kMostOfOne,
      [&](const Session& each) { return each.who == session.who; },
      table);
  MakeRoom(
      PageSessions::kMost, [](const Session& /*each*/) { return true; }, table);
  std::string id = session.id;
  table.emplace(std::move(id), std::move(session));
}

}  // namespace

std::string PageSessions::Invite(const std::string& who, May may, absl::Time now) {
  const std::lock_guard lock(mutex_);
  std::string secret = Secret();
  Put({secret, "", who, may, now + kInvitation}, now, invitations_);
  return secret;
}

std::optional<PageSessions::Session> PageSessions::Enter(const std::string& invitation,
                                                         absl::Time now) {
  const std::lock_guard lock(mutex_);
  auto found = invitations_.extract(invitation);
  if (found.empty() || found.mapped().until <= now) return std::nullopt;
  const Session& invited = found.mapped();
  Session session{Secret(), Secret(), invited.who, invited.may, now + kSession};
  Put(session, now, sessions_);
  return session;
}

std::optional<PageSessions::Session> PageSessions::Find(const std::string& id, absl::Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.until <= now) return std::nullopt;
  return found->second;
}

void PageSessions::Leave(const std::string& id) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(id);
}

}  // namespace poolshift
