"use strict";
// Three things that HTML can't do alone: rows that arrive while they are graded, arrow keys in the
// table, files dropped on the page. Everything else works without this script.

const grid = document.getElementById("grid");
if (grid) {
  keepUp(grid);
  grid.addEventListener("keydown", walk);
}
for (const drop of document.querySelectorAll(".drop")) take(drop);
document.addEventListener("keydown", turnPage);

// --- Rows that arrive ---

function keepUp(grid) {
  const sign = document.getElementById("live");
  let last = grid.dataset.last;
  let wait = 500;
  connect();

  function connect() {
    const address = new URL(grid.dataset.live, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = location.search;
    address.searchParams.set("since", last);
    const socket = new WebSocket(address);
    socket.onopen = () => { wait = 500; show("on", "live"); };
    socket.onmessage = (event) => { last = put(JSON.parse(event.data)) || last; };
    socket.onclose = (event) => {
      if (event.code === 4401) { location.reload(); return; }
      show("off", "connection lost, trying again");
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 15000);
    };
  }

  function show(how, words) {
    sign.hidden = false;
    sign.className = "live " + how;
    sign.textContent = words;
  }
}

function put(news) {
  const body = grid.querySelector("tbody");
  const focused = document.activeElement;
  const row = focused && focused.closest("#grid tr");
  const place = row ? [...row.cells].indexOf(focused.closest("td, th")) : -1;
  for (const id in news.rows) {
    const made = document.createElement("template");
    made.innerHTML = news.rows[id];
    const fresh = made.content.firstElementChild;
    fresh.classList.add("new");
    const old = document.getElementById(id);
    if (old) old.replaceWith(fresh);
    else body.insertBefore(fresh, behind(body, fresh));
    if (row && row.id === id) fresh.cells[place].querySelector("a").focus({ preventScroll: true });
  }
  const empty = document.getElementById("empty");
  if (empty && body.rows.length) empty.remove();
  tell(news.states);
  return news.last;
}

function behind(body, fresh) {
  const name = fresh.cells[0].textContent;
  return [...body.rows].find((row) => row.cells[0].textContent.localeCompare(name) > 0) || null;
}

function tell(states) {
  const parts = Object.entries(states).map(([state, count]) => {
    const part = document.createElement("span");
    const number = document.createElement("b");
    part.dataset.state = state;
    number.textContent = count;
    part.append(number, " " + state);
    return part;
  });
  document.getElementById("states").replaceChildren(...parts);
}

// --- Arrow keys ---

function walk(event) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const ends = { Home: 0, End: -1 }[event.key];
  if (!step && ends === undefined) return;
  const rows = [...grid.querySelectorAll("tbody tr")];
  const cell = document.activeElement.closest("td, th");
  let y = cell ? rows.indexOf(cell.parentElement) : 0;
  let x = cell ? cell.cellIndex : 0;
  if (!rows.length) return;
  event.preventDefault();
  if (!cell) { go(rows[0].cells[0]); return; }
  if (ends !== undefined) { go([...rows[y].cells].filter((each) => each.querySelector("a")).at(ends)); return; }
  for (;;) {
    y += step[0];
    x += step[1];
    const next = rows[y] && rows[y].cells[x];
    if (!next) return;
    if (go(next)) return;
  }
}

function go(cell) {
  const link = cell.querySelector("a");
  if (link) link.focus();
  return Boolean(link);
}

function turnPage(event) {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const link = document.querySelector({ j: "a[rel=next]", k: "a[rel=prev]" }[event.key] || "none");
  if (link) link.click();
}

// --- Files dropped on the page ---

function take(drop) {
  const input = drop.querySelector("input[type=file]");
  input.addEventListener("change", () => { if (input.files.length) drop.closest("form").submit(); });
  document.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    drop.closest("form").submit();
  });
}
