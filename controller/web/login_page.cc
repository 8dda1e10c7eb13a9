#include "controller/web/login_page.h"

#include "controller/web/markup.h"

namespace poolshift {

std::string LoginPage(const std::string& asked) {
  // Only a page of ours: `//elsewhere` would lead elsewhere.
  const std::string back = asked == "/approve" || web::IsEntry(asked) ? asked : "/";
  return web::Framed(
      Snapshot(),
      "",
      "Log in",
      "<h1>Log in to read this.</h1>\n"
      "<p>There is no password: a command prints a link that works once, within a minute.</p>\n"
      "<ul><li>On the daemon's machine: <code>poolshift login</code></li>\n"
      "<li>From yours, with your certificate: <code>poolshift login --server HOST:PORT --ca FILE "
      "--cert FILE --key FILE</code></li></ul>\n"
      "<p>The role viewer is enough to read. Browsers leave out who you are when a link on another "
      "site leads here: if you have logged in, <a href=\"" +
          back + "\">go on</a>.</p>\n",
      web::Pace::kStays);
}

}  // namespace poolshift
