// Where the live site answers, seen from this page: {root: "http://..."}, or {why: "..."} when it
// answers nowhere. `told` has its port, its token and where it says that; `base` is the Jupyter
// server's base URL, null where the page is not one of a Jupyter server.
const findSite = async (told, base) => {
  const web = ["http:", "https:"].includes(location.protocol);
  const near = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
  const at = (host) => `http://${host}:${told.port}`;
  const roots = [];
  // Under the page's own name first: to a page of "localhost", the cookies of "127.0.0.1" are
  // those of a stranger, and the browser keeps them back.
  if (near && location.hostname === "localhost") roots.push(at("localhost"));
  // An editor's page has no host at all, or one of its own. A page from the web is not let try:
  // its browser would ask the reader to open their network to it.
  const saved = location.protocol === "file:";
  const editor = !web && !saved || location.hostname.endsWith(".vscode-cdn.net");
  if (near || editor) roots.push(at("127.0.0.1"));
  const proxy = web && base !== null ? `${location.origin}${base}proxy/${told.port}` : null;
  if (proxy) roots.push(proxy);

  let status = null;
  for (const root of roots) {
    try {
      const answer = await fetch(root + told.here, {
        cache: "no-store", signal: AbortSignal.timeout(5000),
      });
      if (answer.ok && (await answer.text()).trim() === told.token) return {root};
      status = answer.status;
    } catch (error) {}
  }
  if (proxy && status === 404) {
    return {why: "Neither this machine nor jupyter-server-proxy, which is not on this Jupyter " +
      "server, leads to it."};
  }
  if (near || proxy) return {why: "The site is not running: run the notebook to see it live."};
  if (editor) {
    return {why: `Nothing answers at ${at("127.0.0.1")}, seen from this editor: the notebook ` +
      `is not running, or it runs on another machine; then forward port ${told.port}.`};
  }
  return {why: "It is live in a notebook that is running, not on this page."};
};
