// Under a cell: put the live page in place of the picture of it, wherever this page can reach it.
const show = async (told) => {
  const place = document.getElementById(told.id);
  if (!place) return;
  const config = document.getElementById("jupyter-config-data");
  let base = null;
  if (config) {
    base = "/";
    try { base = JSON.parse(config.textContent).baseUrl || "/"; } catch (error) {}
  }
  const found = await findSite(told, base);
  place.querySelectorAll("[data-pane]").forEach((pane, number) => {
    const line = pane.querySelector("[data-live]");
    if (!found.root) {
      line.textContent = `${found.why} ${line.dataset.otherwise}`;
      return;
    }
    const frame = document.createElement("iframe");
    frame.src = found.root + told.panes[number].path;
    frame.title = told.panes[number].title;
    frame.style.cssText = told.style;
    const link = pane.querySelector("a");
    link.href = frame.src;
    link.textContent = frame.src;
    line.remove();
    pane.querySelector("[data-still]")?.remove();
    pane.appendChild(frame);
  });
};
