// The page on which somebody who has logged in agrees to the plan that waits, or says no; who may
// only read sees there who they are. Pure.
#pragma once

#include <string>

#include "controller/gitops/board.h"
#include "controller/gitops/page_sessions.h"

namespace poolshift {

std::string ApprovalPage(const Snapshot& snapshot, const PageSessions::Session& session);
// After the word was taken down, or was not: `text` is a sentence.
std::string AnswerPage(const Snapshot& snapshot, const std::string& text);
// To somebody who has just come in.
std::string WelcomePage(const Snapshot& snapshot, const PageSessions::Session& session);

}  // namespace poolshift
