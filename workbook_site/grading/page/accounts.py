"""Accounts: made on the machine itself, never on the page."""

import secrets

from workbook_site.grading.page.models import Instructor

# Four groups of five from 31 letters that can't be mistaken for each other: 99 bits.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LENGTH = 4, 5

FIRST = "instructor"


def give(name: str) -> str:
    """Make an account, or give an old one a new password; a password that has to be changed.

    Everybody who was logged in with the old password is logged out by that.
    """
    password = one_time_password()
    instructor, _ = Instructor.objects.get_or_create(name=name)
    instructor.set_password(password)
    instructor.has_own_password = False
    instructor.is_active = True
    instructor.save()
    return password


def first() -> str | None:
    """The password of the first account, made now; None when there is one already."""
    return None if Instructor.objects.exists() else give(FIRST)


def one_time_password() -> str:
    """Such as `k7m2p-xw9qa-3hd8s-tz5rc`."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)
