"""Two words for templates: `{% asset "page.css" %}` is its address, `{{ 2.50|points }}` is 2.5."""

from django import template

from workbook_site.checking import words
from workbook_site.grading.page import assets

register = template.Library()
register.simple_tag(assets.address, name="asset")
register.filter("points", words.points)
