"""Can everybody use a page? axe-core, asked in the browser, knows what a machine can know of it."""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
# WCAG 2.2, levels A and AA, with all that the versions before it ask.
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

CONTRAST = "color-contrast"

REST = """
() => document.getAnimations().forEach((each) =>
  each.effect.getComputedTiming().endTime === Infinity ? each.cancel() : each.finish())
"""

# One element for each look of text: its colours, its size and weight, what lies behind it.
# axe takes milliseconds to find out about one, and a chapter has thousands, in a dozen looks.
LOOKS = """
() => {
  const style = (each) => getComputedStyle(each);
  const behind = (each) => {
    const told = [];
    for (let at = each; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage, opacity } = style(at);
      told.push(backgroundImage === "none" ? "" : backgroundImage, opacity);
      if (!/, 0\\)$|^transparent$/.test(backgroundColor)) { told.push(backgroundColor); }
      if (/^rgb\\(/.test(backgroundColor)) { break; }
    }
    return told.filter((one) => one !== "" && one !== "1").join();
  };
  const looks = new Map();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const each = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !each.checkVisibility()) { continue; }
    const { color, fill, fontSize, fontWeight, textShadow } = style(each);
    const look = [color, fill, fontSize, fontWeight, textShadow, behind(each)].join("|");
    // The one with the least in it: axe looks at all that an element holds.
    const known = looks.get(look);
    if (!known || each.childElementCount < known.childElementCount) { looks.set(look, each); }
  }
  return [...looks.values()];
}
"""

RUN = """
async ([options, contrast, others]) => {
  const found = (await axe.run(document, { ...options, ...others })).violations;
  const looks = LOOKS();
  if (!looks.length) { return found; }
  const rule = { ...options, runOnly: { type: "rule", values: [contrast] } };
  return [...found, ...(await axe.run({ include: looks }, rule)).violations];
}
""".replace("LOOKS", f"({LOOKS.strip()})")


def violations(page):
    """What on the page breaks WCAG 2.2 A or AA, a sentence for each element; none when all is well.

    Everything folded is opened first: what a click shows counts as well. The page stays so. Of
    text that looks alike in all places, one place is told.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return _violations(page, {"rules": {CONTRAST: {"enabled": False}}})


def violations_in_the_dark(page):
    """The same page in dark colours, after `violations`: what is no matter of colour is known."""
    page.emulate_media(color_scheme="dark")
    return _violations(page, {"runOnly": {"type": "rule", "values": ["link-in-text-block"]}})


def violations_everywhere(page, narrow=390):
    """`violations` of a page as it is, then of it in the dark, in a window as narrow as a phone's,
    where other things may be shown. The page ends as it began.
    """
    wide = page.viewport_size
    found = violations(page)
    page.set_viewport_size({**wide, "width": narrow})
    page.emulate_media(color_scheme="dark")
    found += violations(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(wide)
    return found


def _violations(page, others):
    """What breaks the rule of contrast, and these other rules."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    # What moves is looked at where it comes to rest; what never rests, without its movement.
    page.evaluate(REST)
    rules = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
    # It would ask for style sheets anew, which a page from a disk may not; nor may it send word to
    # its frames, which are sealed and could not answer.
    rules |= {"preload": False, "iframes": False}
    found = page.evaluate(RUN, [rules, CONTRAST, others])
    return [
        f"{rule['id']}: {rule['help']}: {' '.join(map(str, node['target']))}: "
        f"{node['failureSummary']} {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]
