// People: what somebody who has logged in, or has not, is answered to one request. It borrows all
// that it is made of.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

#include "controller/gitops/board.h"
#include "controller/web/doors.h"
#include "controller/web/page_site.h"
#include "controller/web/web_request.h"

namespace poolshift {

class People {
 public:
  People(const WebRequest& request,
         const Snapshot& snapshot,
         absl::Time now,
         const Doors& doors,
         const PageSite& site)
      : request_(request), snapshot_(snapshot), now_(now), doors_(doors), site_(site) {}

  bool MayRead() const { return site_.anybody_reads || Session().has_value(); }
  // To who may not: how to log in.
  WebAnswer NotIn() const;

  // These need doors_.sessions.
  WebAnswer Enter() const;   // by the link of an invitation
  WebAnswer Show() const;    // what somebody may agree to
  WebAnswer Decide() const;  // the word of a form that was sent
  WebAnswer Leave() const;

 private:
  using MaybeSession = std::optional<PageSessions::Session>;

  MaybeSession Session() const;
  // Who sent a form: has the cookie, the form's own secret, and a page of ours sent it.
  MaybeSession Sender() const;
  // For whoever is not in, or not any more: nothing of what only readers may see.
  WebAnswer Outside(unsigned status, const std::string& text) const;
  std::string CookieOf(const std::string& id, absl::Duration age) const;

  const WebRequest& request_;
  const Snapshot& snapshot_;
  const absl::Time now_;
  const Doors& doors_;
  const PageSite& site_;
};

}  // namespace poolshift
