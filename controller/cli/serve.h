// `poolshift serve`: keeps an organisation as declared, by the policy that it declares. What it
// needs beside the other verbs (pages, notifications) lies in a program of its own,
// poolshift-serve, which has every verb too; so no other verb pays for loading it.
#pragma once

#include "controller/cli/command.h"

namespace poolshift {

// In `poolshift` it becomes poolshift-serve (serve_exec.cc); there it serves
// (controller/serve/serve.cc).
ExitCode RunServe(Session& session, const Arguments& arguments);

}  // namespace poolshift
