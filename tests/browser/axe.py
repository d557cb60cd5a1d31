"""Can everybody use a page? axe-core, asked in the browser, knows what a machine can know of it."""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
# WCAG 2.2, levels A and AA, with all that the versions before it ask.
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

REST = """
() => document.getAnimations().forEach((each) =>
  each.effect.getComputedTiming().endTime === Infinity ? each.cancel() : each.finish())
"""


def violations(page):
    """What on the page breaks WCAG 2.2 A or AA, a sentence for each element; none when all is well.

    Everything folded is opened first: what a click shows counts as well. The page stays so.
    """
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    # What moves is looked at where it comes to rest; what never rests, without its movement.
    page.evaluate(REST)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    rules = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
    # It would ask for style sheets anew, which a page from a disk may not.
    rules["preload"] = False
    found = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", rules)
    return [
        f"{rule['id']}: {rule['help']}: {' '.join(map(str, node['target']))}: "
        f"{node['failureSummary']} {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]
