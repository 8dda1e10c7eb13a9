// Which commit of a git repository a folder stands at. Only reads; runs no program of git.
#pragma once

#include <string>

#include "controller/world/files.h"

namespace poolshift {

// The hash that HEAD names in the repository that `folder` lies in, or "" when it lies in none, or
// when nothing was committed. Whether files differ from that commit is not looked at.
std::string CommitOf(Files& files, const std::string& folder);

}  // namespace poolshift
