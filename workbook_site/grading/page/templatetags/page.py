"""Words for templates: `{% asset "page.css" %}` is its address, `{{ 2.50|points }}` is 2.5,
`{{ text|prose }}` shows `code` as code, `{{ name|spaced }}` an identifier as words.
"""

from django import template
from django.utils.safestring import SafeString, mark_safe

from workbook_site.checking import html, words
from workbook_site.grading.page import assets

register = template.Library()
register.simple_tag(assets.address, name="asset")
register.filter("points", words.points)


@register.filter
def prose(text: str) -> SafeString:
    """A sentence of a check; whatever else is in it is escaped."""
    return mark_safe(html.inline(text))  # noqa: S308


@register.filter
def spaced(name: str) -> str:
    """`only_news` as only news."""
    return name.replace("_", " ")
