// The live site in a tab of its own: it appears when a kernel has booted it, is loaded anew when
// its code is, and follows it to another port.

const BASE = JSON.parse(document.documentElement.dataset.told).base;
const every = 1000; // milliseconds between two looks

const main = document.getElementById("main");
const state = document.getElementById("state");
const why = document.getElementById("why");
const bar = document.querySelector(".bar");
const path = document.getElementById("path");
const alone = document.getElementById("alone");

let root = null; // where the site answers, or null
let shown = ""; // the version that is shown
let frame = null;
let chosen = false; // whether the reader has asked for a page

const where = async () => {
  const answer = await fetch(`${BASE}workbook/site/where`, {cache: "no-store"});
  return answer.ok ? answer.json() : {};
};

const load = () => {
  if (!root) return;
  if (!path.value.startsWith("/")) path.value = `/${path.value}`;
  if (!frame) {
    frame = document.createElement("iframe");
    frame.title = "The live site";
    main.append(frame);
  }
  frame.src = root + path.value;
  alone.href = frame.src;
};

const wait = (reason) => {
  frame?.remove();
  frame = root = null;
  shown = "";
  bar.hidden = true;
  state.hidden = Boolean(reason);
  why.hidden = !reason;
  if (why.textContent !== reason) why.textContent = reason;
  main.classList.add("waiting");
};

const look = async () => {
  let told;
  try { told = await where(); } catch (error) { return; } // Jupyter is away; it may come back
  if (!told.token) return wait("");
  const version = `${told.token} ${told.loads}`;
  if (version === shown) return;
  if (!root || !shown.startsWith(told.token)) {
    const found = await findSite(told, BASE);
    if (!found.root) return wait(found.why);
    root = found.root;
  }
  shown = version;
  state.hidden = why.hidden = true;
  bar.hidden = false;
  main.classList.remove("waiting");
  if (!chosen) path.value = told.front;
  load();
};

bar.addEventListener("submit", (event) => { event.preventDefault(); chosen = true; load(); });
document.getElementById("again").addEventListener("click", load);

(async () => {
  for (;;) {
    if (!document.hidden) await look();
    await new Promise((done) => setTimeout(done, every));
  }
})();
