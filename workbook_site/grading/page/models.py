"""Who may look: instructors, and the attempts to be one."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Instructors(BaseUserManager["Instructor"]):
    """Finds instructors by name. Accounts are made by `accounts.give`."""


class Instructor(AbstractBaseUser):
    """Somebody who grades. All see the same class; what each does carries their name."""

    name = models.CharField(max_length=60, unique=True)
    is_active = models.BooleanField(default=True)
    # A password that we made up was printed on a terminal: it opens one page only.
    has_own_password = models.BooleanField(default=False)

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Instructors] = Instructors()

    def __str__(self) -> str:
        return self.name


class Attempt(models.Model):
    """One try to log in. Rows, not memory: every process of the site counts the same ones."""

    name = models.CharField(max_length=60)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        """Tries are counted by name, by time."""

        indexes: ClassVar = [models.Index(fields=["name", "at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.name} from {self.address}"
