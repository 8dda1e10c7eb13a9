// PageSessions: who has logged in to the pages. A person proves to the control API who they are and
// gets an invitation that works once and for a minute; the browser that brings it gets a session.
// So there is no password.
//
// Thread-safe. Nothing is kept over a restart.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace poolshift {

class PageSessions {
 public:
  static constexpr absl::Duration kInvitation = absl::Minutes(1);
  static constexpr absl::Duration kSession = absl::Hours(8);
  static constexpr std::size_t kMost = 100;      // of each; the oldest goes
  static constexpr std::size_t kMostOfOne = 10;  // person: nobody drives others out

  // What the role of a person allows on the pages.
  enum class May { kRead, kSpeak };

  struct Session {
    std::string id;    // the browser's secret
    std::string form;  // a second one, which each form sends along: another site cannot know it
    std::string who;   // the account, or the name in a certificate
    May may = May::kRead;
    absl::Time until = absl::InfinitePast();
  };

  // The invitation's secret.
  std::string Invite(const std::string& who, May may, absl::Time now);
  // Nothing when it is unknown, used or over.
  std::optional<Session> Enter(const std::string& invitation, absl::Time now);
  std::optional<Session> Find(const std::string& id, absl::Time now);
  void Leave(const std::string& id);

 private:
  std::mutex mutex_;
  std::map<std::string, Session> invitations_, sessions_;
};

}  // namespace poolshift
