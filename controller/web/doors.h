// Where others may do more than read.
#pragma once

#include "controller/gitops/desk.h"
#include "controller/gitops/page_sessions.h"
#include "controller/web/push_hook.h"

namespace poolshift {

// Null: nobody may. All of it is borrowed.
struct Doors {
  PushHook* hook = nullptr;
  // Both or none: who has logged in, and where their word is taken down.
  PageSessions* sessions = nullptr;
  Desk* desk = nullptr;
};

}  // namespace poolshift
