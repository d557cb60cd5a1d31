// What our pages have in common: Lab's theme, and links that open in the Lab around them.

// Lab, when this page is one of its tabs. A page of another origin is not ours to look at.
const lab = (() => {
  try { return parent !== window && parent.jupyterapp || null; } catch (error) { return null; }
})();

const followTheme = () => {
  const body = parent.document.body;
  const follow = () => {
    const light = body.dataset.jpThemeLight;
    document.documentElement.style.colorScheme =
      light === undefined ? "" : light === "true" ? "light" : "dark";
  };
  new MutationObserver(follow).observe(body, {attributeFilter: ["data-jp-theme-light"]});
  follow();
};
if (lab) followTheme();

const open = async (link) => {
  const {open: path, cell, tab} = link.dataset;
  if (tab) {
    await lab.commands.execute("server-proxy:open", {
      id: `server-proxy:workbook-${tab}`, title: link.textContent.trim(), newBrowserTab: false,
      url: link.getAttribute("href"),
    });
    return;
  }
  const shown = await lab.commands.execute("docmanager:open", {
    path, options: {mode: "tab-after", ref: chapterTab()},
  });
  await shown?.context?.ready;
  if (cell) shown?.setFragment?.(`#cell-id=${cell}`);
};

// A chapter opens among the chapters, not above the site.
const chapterTab = () => {
  for (const widget of lab.shell.widgets("main")) {
    if (widget.hasClass("jp-NotebookPanel")) return widget.id;
  }
  return null;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open], a[data-tab]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (lab) {
    event.preventDefault();
    open(link);
  } else if (parent !== window && link.dataset.open) {
    link.target = "_blank"; // a Lab within this frame would be one Lab too many
  }
});

// --- The page as it is by now ---

// Milliseconds between two looks, while somebody looks at the page.
const LOOK = 2000;

const look = async () => {
  if (document.hidden) return;
  let text = "";
  try {
    const answer = await fetch(location.href, {credentials: "same-origin"});
    if (!answer.ok || answer.redirected) return;
    text = await answer.text();
  } catch (error) { return; } // the server is away; what is shown stays
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
  const shown = document.getElementById("main");
  if (!fresh || fresh.innerHTML === look.last) return;
  look.last = fresh.innerHTML;
  const links = (main) => [...main.querySelectorAll("a")];
  const place = links(shown).indexOf(document.activeElement);
  shown.replaceChildren(...fresh.childNodes);
  if (place >= 0) links(shown)[place]?.focus({preventScroll: true});
};

if (!document.body.classList.contains("site")) {
  look.last = document.getElementById("main").innerHTML;
  setInterval(look, LOOK);
  document.addEventListener("visibilitychange", look);
}
