// The status of a commit, in the form of who keeps the repository. Pure.
#pragma once

#include <string>

#include "controller/model/notification.h"
#include "controller/notify/event.h"
#include "controller/notify/transfer.h"

namespace poolshift::notify {

// Sources: GitHub REST API "Create a commit status", GitLab "Set commit pipeline status", Gitea
// "Create a commit status". Descriptions are cut where the forges cut them, at 140 characters.
Post CommitStatusPost(const Event& event, const Notification& to, const std::string& token);

}  // namespace poolshift::notify
