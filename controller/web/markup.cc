#include "controller/web/markup.h"

#include <algorithm>
#include <array>

#include "controller/report/change.h"
#include "controller/report/markup_text.h"
#include "controller/web/live_script.h"

namespace poolshift::web {
namespace {

// Colours meet a contrast of 4.5 to 1 in both schemes; no meaning is in the colour alone.
constexpr const char* kSheet = R"css(
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#f6f7f9;--card:#fff;--line:#d5d9de;
--bad:#b3261e;--warn:#8a5300;--fine:#1a6f37;--accent:#0b57d0;--host:#e8f0fe}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#a0a9b4;--paper:#12161b;--card:#1b2128;
--line:#343c46;--bad:#ff8a80;--warn:#ffc263;--fine:#7ee2a0;--accent:#9ec1ff;--host:#1e2c44}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
.heard{position:absolute;left:-99rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
header{border-bottom:1px solid var(--line);background:var(--card)}
header>div,main{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header>div{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;padding-top:.7rem;padding-bottom:.7rem}
header b{font-size:1.05rem}nav{display:flex;flex-wrap:wrap;gap:.25rem}
nav a{padding:.3rem .75rem;border-radius:.4rem;color:var(--ink);text-decoration:none}
nav a[aria-current]{background:var(--host);font-weight:600}
nav a:hover{text-decoration:underline}a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
main{padding-top:1.5rem;padding-bottom:4rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .25rem}main>h1{margin-bottom:1rem}h2{font-size:1.1rem;margin:2rem 0 .75rem}
.soft{color:var(--soft)}.mono,pre,code{font-family:ui-monospace,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.88rem}
.banner{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--mark);border-radius:.5rem;padding:1rem 1.25rem}
.fine{--mark:var(--fine)}.warn{--mark:var(--warn)}.bad{--mark:var(--bad)}
.banner h1{color:var(--mark)}.banner ul{margin:.5rem 0 0;padding-left:1.25rem}
.map{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(19rem,100%),1fr));gap:1rem}
.site{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem}
.site h3{margin:0 0 .6rem;font-size:1rem}
.pool{border:1px solid var(--line);border-radius:.45rem;padding:.55rem .7rem;margin-top:.5rem}
.pool.hosts{background:var(--host);border-color:var(--accent)}
.pool strong{overflow-wrap:anywhere}.pool p{margin:.15rem 0 0;font-size:.9rem;color:var(--soft)}
.tag{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .55rem;font-size:.8rem;font-weight:600;color:var(--accent);margin-right:.3rem}
.tag.bad{color:var(--bad)}.tag.warn{color:var(--warn)}
table{border-collapse:collapse;width:100%;min-width:44rem}
th,td{text-align:left;padding:.45rem .8rem;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}td time{white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:600;font-size:.9rem}
.state{white-space:nowrap;font-weight:600}.yes{color:var(--fine)}.no{color:var(--bad)}.now{color:var(--accent)}
button{font:inherit;font-weight:600;padding:.45rem 1.1rem;border-radius:.45rem;border:1px solid var(--accent);background:var(--accent);color:var(--card);cursor:pointer}
td ul{margin:0;padding-left:1.1rem}
button.quiet{background:none;color:var(--accent)}
#follow{padding:.1rem .8rem;font-size:.9rem}#follow[aria-pressed=true]{background:var(--host)}#follow[aria-pressed=true]::before{content:"✓ ";content:"✓ "/""}
button.no{background:none;color:var(--bad);border-color:var(--bad)}
input:not([type=checkbox]){font:inherit;width:min(100%,36rem);padding:.4rem .6rem;border:1px solid var(--soft);border-radius:.4rem;background:var(--card);color:var(--ink)}
progress{width:100%;height:.9rem;accent-color:var(--accent)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
pre{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;overflow-x:auto;white-space:pre}
svg{display:block}
@media print{body{background:none}nav{display:none}}
)css";

struct Entry {
  std::string_view path, label;
};
constexpr std::array kEntries = {Entry{"/", "Overview"},
                                 Entry{"/plan", "Plan"},
                                 Entry{"/drift", "Drift"},
                                 Entry{"/readiness", "Readiness"},
                                 Entry{"/runs", "Runs"}};

}  // namespace

std::string EscapedLines(std::string_view text) { return Excerpt(text, std::string::npos); }

std::string Excerpt(std::string_view text, std::size_t most) {
  std::string lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::string shown = MarkupText(line) + '\n';
    if (lines.size() + shown.size() > most) return lines + std::string(kCutShort);
    lines += shown;
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return lines;
}

bool IsEntry(std::string_view path) {
  return std::ranges::any_of(kEntries, [path](const Entry& entry) { return entry.path == path; });
}

std::string Framed(const Snapshot& snapshot,
                   std::string_view here,
                   std::string_view title,
                   std::string_view content,
                   Pace pace) {
  const std::string name =
      snapshot.organization == nullptr ? "Poolshift" : MarkupText(snapshot.organization->name);
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">" +
      (pace == Pace::kFollows ? "<script src=\"" + std::string(kLivePath) + "\" defer></script>"
                              : "") +
      "<title>" + MarkupText(title) + " · " + name + "</title><style>" + kSheet +
      "</style></head>\n<body><a class=\"skip\" href=\"#content\">To the content</a>"
      "<header><div><b>" +
      name + "</b><nav aria-label=\"Pages\">";
  for (const Entry& entry : kEntries) {
    page += "<a href=\"" + std::string(entry.path) + '"' +
            (entry.path == here ? " aria-current=\"page\"" : "") + '>' + std::string(entry.label) +
            "</a>";
  }
  // A page that shows nothing of the world says nothing of a look.
  const bool shows = pace == Pace::kFollows || snapshot.organization != nullptr;
  page += "</nav><span class=\"soft\" id=\"looked\">" +
          (shows ? "looked at " + TimeTag(snapshot.looked_at) : "") + "</span>";
  if (pace == Pace::kFollows) {
    page +=
        "<button type=\"button\" class=\"quiet\" id=\"follow\" hidden>Follow</button><span "
        "class=\"no\" "
        "id=\"lost\" role=\"status\"></span><span class=\"heard\" id=\"said\" "
        "role=\"status\"></span>";
  }
  page += "</div></header>\n<main id=\"content\">\n";
  page += content;
  return page + "</main></body></html>\n";
}

std::string TimeTag(absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return "never";
  return "<time datetime=\"" + absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()) +
         "\">" + TimeText(time) + "</time>";
}

std::string Short(std::string_view hash) {
  constexpr std::size_t kShown = 12;
  return std::string(hash.substr(0, kShown));
}

}  // namespace poolshift::web
