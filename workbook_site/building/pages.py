"""Executed notebooks as files: the notebook itself, and a page that needs nothing but a browser.

The page asks no other address for anything: nbconvert's own pages fetch scripts from a CDN, for
mathematics, diagrams and widgets, which no chapter has.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter

_PAGE = """\
{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
"""


def save(notebook: Any, stem: str, folder: Path) -> list[Path]:
    """Write `STEM.ipynb` and `STEM.html` of an executed notebook into `folder`, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    executed, html = folder / f"{stem}.ipynb", folder / f"{stem}.html"
    nbformat.write(notebook, executed)  # type: ignore[no-untyped-call]
    html.write_text(page(notebook), encoding="utf-8")
    return [executed, html]


def page(notebook: Any) -> str:
    """The notebook as one self-contained HTML page."""
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        raw_template=_PAGE, embed_images=True
    )
    body, _ = exporter.from_notebook_node(notebook)
    return str(body)
