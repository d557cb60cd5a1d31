"""The frame of a page that stands by itself: no script, no address of anybody else."""

from html import escape

_STYLE = """\
:root{color-scheme:light dark}
body{background:light-dark(#fff,#16181b);color:light-dark(#1d2126,#e6e4df)}
a{color:light-dark(#1f5f8b,#7db8e0)}
body{font:16px/1.55 system-ui,-apple-system,'Segoe UI',sans-serif;max-width:56rem;margin:0 auto;
padding:1.2rem 1rem 4rem}
h1{font-size:1.6rem;margin:.2rem 0 .6rem}h2{font-size:1.15rem;margin:2rem 0 .3rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.4rem 0 1rem}
dt{opacity:.8}dd{margin:0}
pre{overflow:auto;padding:.6rem .8rem;border:1px solid rgba(128,128,128,.35);border-radius:5px;
font:.85rem/1.45 ui-monospace,Menlo,Consolas,monospace}
.said{border-left:4px solid #2f6fb5;padding:.3rem .9rem;margin:.5rem 0;
background:rgba(128,128,128,.10)}
.note{border-left:4px solid #a6420f;padding:.3rem .9rem;margin:.5rem 0;
background:rgba(128,128,128,.10)}
.said,.note{white-space:pre-wrap;overflow-wrap:anywhere}
summary{cursor:pointer}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid rgba(128,128,128,.35)}
th small{display:block;font-weight:400;opacity:.8}
.n,thead .n{text-align:right;font-variant-numeric:tabular-nums}
details{margin-top:.8rem}details ol{margin:.3rem 0}"""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def page(title: str, body: str) -> str:
    """A whole page. `body` is HTML already, `title` is not."""
    return _PAGE.format(title=escape(title), style=_STYLE, body=body)
