"""How often somebody may try to log in. Counted in the database: all processes count alike."""

from datetime import timedelta

from django.utils import timezone

from workbook_site.grading.page.models import Attempt

WINDOW = timedelta(minutes=15)
# Tries within the window. For one name from one place; from one place; for one name from anywhere,
# high enough that a stranger can't easily keep an instructor out.
EACH, PLACE, NAME = 5, 30, 100


async def may_try(name: str, address: str) -> bool:
    """Write the try down, then say whether it is one too many.

    In this order: of many tries at once, none sees fewer than there are.
    """
    now = timezone.now()
    since = now - WINDOW
    await Attempt.objects.filter(at__lt=since).adelete()
    await Attempt.objects.acreate(name=name, address=address, at=now)
    recent = Attempt.objects.filter(at__gte=since)
    return (
        await recent.filter(name=name, address=address).acount() <= EACH
        and await recent.filter(address=address).acount() <= PLACE
        and await recent.filter(name=name).acount() <= NAME
    )


async def forget(name: str, address: str) -> None:
    """Whoever got in has no tries to answer for; others who tried the name from elsewhere have."""
    await Attempt.objects.filter(name=name, address=address).adelete()
