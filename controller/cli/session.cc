#include "controller/cli/session.h"

#include "controller/report/page.h"
#include "controller/report/safe_text.h"

namespace poolshift {

ExitCode Session::Fail(ExitCode code, const std::string& text) const {
  Page page({.color = err_style.color, .width = 1 << 20});  // messages are for logs too: one line
  page.AddUnbroken("", "poolshift: " + text, Ink::kRed);
  err << page.text();
  failures.push_back(text);
  return code;
}

ExitCode Session::Fail(const absl::Status& status) const {
  return Fail(ExitCodeOf(status), std::string(status.message()));
}

void Session::Tell(const std::string& text) const { err << SafeText(text) << '\n' << std::flush; }

}  // namespace poolshift
