"""The executed workbook as a static site: read in any browser, with no kernel and no server.

    executed notebooks -> readable (what a reader may see) -> content (HTML, headings)
                       -> write (pages, search index, assets) -> links (does every link lead on?)

A page asks no other address for anything, so a folder on a disk serves as well as a web server.
"""

from workbook_site.building.website.executed import NotExecuted, taken
from workbook_site.building.website.links import broken
from workbook_site.building.website.write import write

__all__ = ["NotExecuted", "broken", "taken", "write"]
