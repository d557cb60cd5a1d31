// Search, the switch between light and dark, and what a keyboard needs. Without it all can be read.
"use strict";

(() => {
  const root = document.documentElement;
  const KEPT = "workbook-theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // A browser may forbid storage, above all on file:. Then the choice lasts for this page.
  const kept = () => { try { return localStorage.getItem(KEPT); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem(KEPT, theme); } catch { /* no storage */ } };

  // Before anything is drawn, so that nothing flashes.
  if (kept()) root.dataset.theme = kept();

  const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";

  function theSwitch() {
    const button = document.getElementById("theme");
    const tell = () => { button.textContent = isDark() ? "☀ Light" : "☾ Dark"; };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      keep(root.dataset.theme);
      tell();
    });
    dark.addEventListener("change", tell);
    tell();
    button.hidden = false;
  }

  // --- The chapters' list: folded where there is no room beside the text ---

  function theSide() {
    const side = document.querySelector(".side");
    const narrow = matchMedia("(max-width: 60rem)");
    const fit = () => { side.open = !narrow.matches; };
    narrow.addEventListener("change", fit);
    fit();
    const current = side.querySelector("[aria-current=page]");
    if (current && !narrow.matches) side.scrollTop = current.offsetTop - side.offsetTop - 80;
    const topics = new Map();
    side.querySelectorAll(".topics a").forEach((link) => topics.set(link.hash.slice(1), link));
    const headings = [...document.querySelectorAll("main h2[id]")];
    const mark = () => {
      const above = headings.filter((each) => each.getBoundingClientRect().top < 140);
      const here = above.length ? topics.get(above[above.length - 1].id) : undefined;
      topics.forEach((link) => {
        if (link === here) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      });
    };
    if (topics.size) { addEventListener("scroll", mark, { passive: true }); mark(); }
  }

  // --- What scrolls can be reached by keyboard; a link into something folded opens it ---

  function reachable() {
    document.querySelectorAll("main pre, .wide, .output, main [style*=overflow]").forEach((box) => {
      const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      const style = getComputedStyle(box);
      const may = /auto|scroll/.test(style.overflowX + style.overflowY);
      if (scrolls && may && !box.hasAttribute("tabindex")) box.tabIndex = 0;
    });
  }

  function printable() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("main details:not([open])")];
      opened.forEach((each) => { each.open = true; });
    });
    addEventListener("afterprint", () => opened.forEach((each) => { each.open = false; }));
  }

  // --- Search ---

  const MOST = 20;
  const AROUND = 60;

  function loaded() {
    if (window.workbookIndex) return Promise.resolve(window.workbookIndex);
    return new Promise((done, failed) => {
      // A script and not a request: a page from a disk may not ask for files.
      const script = document.createElement("script");
      script.src = "search-index.js";
      script.onload = () => done(window.workbookIndex);
      script.onerror = failed;
      document.head.append(script);
    });
  }

  // How well a section fits; 0 when a word is missing. A heading counts more than what is below it.
  function fit([, , title, heading, text, code], words) {
    let sum = 0;
    for (const word of words) {
      const one = (value, worth) => (value.toLowerCase().includes(word) ? worth : 0);
      const best = one(heading, 8) + one(title, heading ? 1 : 8) + one(text, 3) + one(code, 2);
      if (!best) return 0;
      sum += best;
    }
    return sum;
  }

  function marked(target, text, words) {
    const low = text.toLowerCase();
    let at = 0;
    while (at < text.length) {
      const next = words.map((word) => [low.indexOf(word, at), word.length]).filter(([n]) => n >= 0);
      if (!next.length) break;
      const [start, length] = next.reduce((a, b) => (b[0] < a[0] ? b : a));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, start + length);
      target.append(text.slice(at, start), mark);
      at = start + length;
    }
    target.append(text.slice(at));
  }

  function quoted(text, words) {
    const low = text.toLowerCase();
    const found = words.map((word) => low.indexOf(word)).filter((place) => place >= 0);
    const first = found.length ? Math.min(...found) : 0;
    const start = first > AROUND ? text.indexOf(" ", first - AROUND) + 1 : 0;
    const cut = text.slice(start, start + 3 * AROUND);
    return (start ? "… " : "") + cut + (start + 3 * AROUND < text.length ? " …" : "");
  }

  function entry([page, anchor, title, heading, text, code], words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const name = document.createElement("b");
    link.href = `${page}#${anchor}`;
    marked(name, heading || title, words);
    link.append(name);
    if (heading) {
      const where = document.createElement("small");
      where.textContent = title;
      link.append(where);
    }
    const quote = document.createElement("span");
    const inProse = words.some((word) => text.toLowerCase().includes(word));
    const inCode = words.some((word) => code.toLowerCase().includes(word));
    if (!inProse && inCode) quote.append("In the code: ");
    marked(quote, quoted(!inProse && inCode ? code : text, words), words);
    link.append(quote);
    item.append(link);
    return item;
  }

  function theSearch() {
    const place = document.querySelector(".search");
    const input = document.getElementById("search");
    const found = document.getElementById("found");
    const list = document.getElementById("found-list");
    const count = document.getElementById("found-count");
    place.hidden = false;

    const close = () => { found.hidden = true; };
    const links = () => [...list.querySelectorAll("a")];

    async function search() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      if (!words.length) { list.replaceChildren(); close(); return; }
      let index;
      try { index = await loaded(); } catch {
        count.textContent = "The search index is missing: search-index.js belongs beside this page.";
        found.hidden = false;
        return;
      }
      if (words.join(" ") !== input.value.toLowerCase().split(/\s+/).filter(Boolean).join(" ")) return;
      const hits = index.map((section) => [fit(section, words), section]).filter(([n]) => n)
        .sort((a, b) => b[0] - a[0]);
      list.replaceChildren(...hits.slice(0, MOST).map(([, section]) => entry(section, words)));
      const places = hits.length === 1 ? "1 place" : `${hits.length} places`;
      count.textContent = hits.length > MOST ? `The best ${MOST} of ${places}` : hits.length
        ? places : "Found nowhere. Try one word, or the beginning of one.";
      found.hidden = false;
    }

    const step = (by) => {
      const all = links();
      const next = all.indexOf(document.activeElement) + by;
      if (next < 0) input.focus();
      else if (all[next]) all[next].focus();
    };

    input.addEventListener("input", search);
    input.addEventListener("focus", () => { if (list.children.length) found.hidden = false; });
    place.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const [first] = links();
      if (first && !found.hidden) first.click();
    });
    place.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.children.length) found.hidden = false;
        step(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape" && !found.hidden) {
        event.preventDefault(); // the words stay, until it is pressed once more
        input.focus();
        close();
      }
    });
    list.addEventListener("click", close);
    document.addEventListener("click", (event) => { if (!place.contains(event.target)) close(); });
    place.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !place.contains(event.relatedTarget)) close();
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, [contenteditable]");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    theSwitch();
    theSide();
    theSearch();
    printable();
    reachable();
    addEventListener("resize", reachable);
    document.querySelectorAll("main details").forEach((each) => each.addEventListener("toggle", reachable));
  });
})();
