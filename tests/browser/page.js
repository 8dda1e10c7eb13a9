// What the tests ask of a page. Each function returns faults as lines, or facts.
const shown = element => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";
const called = element => element.tagName.toLowerCase() + (element.id ? "#" + element.id : "") + " “" +
    (element.textContent || "").trim().slice(0, 40) + "”";
const all = selector => [...document.querySelectorAll(selector)];

// The box of a drawing in which a text stands, if any.
const around = text => {
  const {left, top, width, height} = text.getBoundingClientRect(), x = left + width / 2, y = top + height / 2;
  return [...text.closest("svg").querySelectorAll("rect")].map(box => [box, box.getBoundingClientRect()])
      .filter(([, at]) => at.left < x && x < at.right && at.top < y && y < at.bottom).map(([box]) => box).pop();
};

const asked = {
  outline() {
    return {
      headings: all("h1,h2,h3,h4,h5,h6").filter(shown).map(heading => [Number(heading.tagName[1]), heading.textContent]),
      landmarks: all("header,nav,main,footer,aside").map(place => place.tagName.toLowerCase()),
      navigations: all("nav").map(place => place.getAttribute("aria-label") || ""),
      current: all("nav [aria-current=page]").map(link => link.getAttribute("href")),
      language: document.documentElement.lang,
      title: document.title,
      skips: document.querySelector("a[href^='#']") === document.querySelector("a,button,input,[tabindex]") &&
          document.querySelector(document.querySelector("a[href^='#']").getAttribute("href")).tagName === "MAIN",
      ids: all("[id]").map(element => element.id),
      outside: [...document.body.children].filter(child => !["HEADER", "MAIN", "FOOTER"].includes(child.tagName) &&
          !child.classList.contains("skip")).map(called),
    };
  },

  tables() {
    const faults = [];
    for (const table of all("table")) {
      const heads = [...table.querySelectorAll("thead th")];
      if (heads.length === 0) faults.push("a table has no headers");
      for (const head of heads)
        if (head.scope !== "col" || !head.textContent.trim()) faults.push("header " + called(head) + " says nothing, or not of what");
      for (const row of table.querySelectorAll("tbody tr"))
        if (row.children.length !== heads.length) faults.push("a row of " + row.children.length + " cells under " + heads.length);
    }
    return faults;
  },

  pictures() {
    const faults = all("img").filter(image => !image.alt).map(called);
    for (const drawing of all("svg"))
      if (drawing.getAttribute("role") !== "img" || !drawing.getAttribute("aria-label")) faults.push(called(drawing));
    return faults;
  },

  controls() {
    return all("a[href],button,input,select,textarea,summary,[tabindex]").filter(control => control.tabIndex >= 0).map(called);
  },

  // Where the keyboard is, and what shows it.
  focus() {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const style = getComputedStyle(here), box = here.getBoundingClientRect();
    return {
      called: called(here),
      ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
      contrast: contrast(colour(style.outlineColor), behind(here.parentElement)),
      inside: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
    };
  },

  // Text that stands out too little from what is behind it.
  faint() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), faults = [];
    let count = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.textContent.trim() || !shown(element) || element.closest("title,style")) continue;
      ++count;
      const drawn = element instanceof SVGElement;
      const ink = colour(getComputedStyle(element)[drawn ? "fill" : "color"]);
      const box = drawn && around(element);
      const paper = box ? colour(getComputedStyle(box).fill) : behind(drawn ? element.closest("svg") : element);
      const value = contrast(ink, paper);
      if (!(value >= 4.5)) faults.push(called(element) + " has a contrast of " + value.toFixed(2));
    }
    return {count, faults};
  },

  // What is cut off or makes the page wider than its window. What scrolls by itself may be wide, if the keyboard gets there.
  wide() {
    const scrolls = element => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const faults = [];
    if (document.documentElement.scrollWidth > innerWidth)
      faults.push("the page is " + document.documentElement.scrollWidth + " wide in a window of " + innerWidth);
    for (const element of all("body *")) {
      if (scrolls(element)) {
        if (element.scrollWidth > element.clientWidth && element.tabIndex < 0)
          faults.push(called(element) + " scrolls, and has no place in the order of Tab");
        continue;
      }
      let around = element.parentElement;
      while (around && !scrolls(around)) around = around.parentElement;
      if (!around && shown(element) && !element.classList.contains("skip") &&
          element.getBoundingClientRect().right > innerWidth + 1) faults.push(called(element) + " reaches beyond the window");
    }
    return faults;
  },

  size() {
    return parseFloat(getComputedStyle(document.body).fontSize);
  },

  content() {
    const text = element => element.textContent.replace(/\s+/g, " ").trim();
    return {
      title: all("h1").map(text).join(),
      notes: all(".banner li").map(text),
      tables: all("table").map(table => [...table.querySelectorAll("tbody tr")].map(row => [...row.children].map(text))),
      times: all("time").map(time => time.dateTime),
      plan: all("pre").map(text).join(),
      pools: Object.fromEntries(all(".pool").map(pool => [text(pool.querySelector("strong")), [...pool.querySelectorAll(".tag")].map(text)])),
      steps: all("svg g title").length,
    };
  },
};

function colour(text) {
  const [red, green, blue, opacity = 1] = text.match(/[\d.]+/g).map(Number);
  if (opacity !== 0 && opacity !== 1) throw new Error("a colour that lets others through: " + text);
  return opacity === 0 ? null : [red, green, blue];
}

function behind(element) {
  for (; element; element = element.parentElement) {
    const paper = colour(getComputedStyle(element).backgroundColor);
    if (paper) return paper;
  }
  throw new Error("there is no background");
}

function contrast(one, other) {
  const light = rgb => rgb.map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
      .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
  const [less, more] = [light(one), light(other)].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
}

return asked[arguments[0]]();
