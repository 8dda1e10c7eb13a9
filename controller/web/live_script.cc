#include "controller/web/live_script.h"

namespace poolshift::web {

std::string_view LiveScript() {
  return R"js("use strict";
(() => {
  const every = 15000;
  const one = selector => document.querySelector(selector);
  const follow = one("#follow"), said = one("#said"), lost = one("#lost");
  const kept = {
    get() { try { return localStorage.getItem("follow") !== "no"; } catch { return true; } },
    set(yes) { try { localStorage.setItem("follow", yes ? "yes" : "no"); } catch { /* until the next page */ } },
  };
  const following = () => follow.getAttribute("aria-pressed") === "true";
  const reading = () => one("main").contains(document.activeElement) || !getSelection().isCollapsed;

  // Parts that are scrolled sideways stay so.
  const swap = (old, fresh) => {
    const moved = [...old.querySelectorAll(".scroll")].map(part => part.scrollLeft);
    old.replaceWith(fresh);
    fresh.querySelectorAll(".scroll").forEach((part, at) => { part.scrollLeft = moved[at] || 0; });
  };

  const show = page => {
    for (const selector of ["main", "#looked"]) {
      const old = one(selector), fresh = page.querySelector(selector);
      if (old.innerHTML !== fresh.innerHTML) swap(old, document.adoptNode(fresh));
    }
    if (document.title !== page.title) {
      document.title = page.title;
      said.textContent = one("h1").textContent;
    }
  };

  let looking = false, silent = "";
  const look = async () => {
    if (document.hidden || !following() || looking) return;
    looking = true;
    try {
      const answer = await fetch(location.href, {signal: AbortSignal.timeout(10000)});
      if (answer.status === 401) { location.reload(); return; }  // the session is over: how to log in
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      silent = "";
      // Who has the focus or a selection in the content is not disturbed, and knows that it stands still.
      if (following() && !reading()) show(page);
      lost.textContent = reading() ? "stands still while you are in it" : "";
    } catch {
      silent = silent || "no answer since " + new Date().toISOString().slice(11, 19) + "Z";
      lost.textContent = silent;
    }
    looking = false;
  };

  follow.setAttribute("aria-pressed", kept.get());
  follow.addEventListener("click", () => {
    follow.setAttribute("aria-pressed", !following());
    kept.set(following());
    look();
  });
  follow.hidden = false;
  document.addEventListener("visibilitychange", look);
  setInterval(look, every);
})();
)js";
}

}  // namespace poolshift::web
