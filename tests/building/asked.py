"""What several tests ask: a command for its words, a page for what a browser would fetch."""

import io
import re

from django.core.management import CommandError, call_command

from workbook_site import exits


def called(command, *words):
    """What the command printed, and what it ended with: nothing, or its error."""
    out = io.StringIO()
    try:
        call_command(command.Command(), *words, stdout=out)
    except (CommandError, LookupError, ValueError, exits.Stop) as error:
        return out.getvalue(), error
    return out.getvalue(), None


def fetched(text):
    """Whatever a browser loads by itself; a link that a reader may follow is no such thing."""
    return re.findall(
        r"""(?:\bsrc\s*=|<link[^>]*href\s*=|url\(|import\s*\(|@import|\bfetch\()\s*["']?"""
        r"""(?:https?:)?//[^\s"')]+""",
        text,
    )
