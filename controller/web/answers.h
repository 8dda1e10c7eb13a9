// What is answered to a request: which page, to whom, and what a form that was sent does. No HTTP
// here, and no sockets. Thread-safe as far as what it borrows is.
#pragma once

#include <string_view>

#include "controller/gitops/board.h"
#include "controller/web/doors.h"
#include "controller/web/page_site.h"
#include "controller/web/web_request.h"
#include "controller/world/clock.h"

namespace poolshift {

// Of the requests above, those that are read.
inline constexpr std::string_view kReadHeaders[] = {
    "host", "origin", "x-hub-signature-256", "x-gitea-signature", "x-gitlab-token"};
inline constexpr std::string_view kHookPath = "/hooks/push";

WebAnswer AnswerTo(const WebRequest& request,
                   const Board& board,
                   const Clock& clock,
                   const Doors& doors,
                   const PageSite& site);

}  // namespace poolshift
