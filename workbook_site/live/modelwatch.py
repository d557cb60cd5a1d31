"""Say when the models have changed and the database has not."""

from pathlib import Path

from workbook_site.live import migrations
from workbook_site.live.saying import Told
from workbook_site.reload import ProjectError

NEEDED = "This needs a migration: await site.migrate()\n{changes}"


class ModelWatch:
    """Compares the models with what they were when the migrations last agreed with them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settled: str | None = None

    def settle(self) -> None:
        """The migrations agree with the models as they are now."""
        self._settled = migrations.signature(self._folder)

    def reminder(self) -> str:
        """What to run, and for which changes; empty when nothing is missing.

        Comparing with the migration files takes far longer than loading the project, so it is
        done only when the models read differently than at the last look.
        """
        now = migrations.signature(self._folder)
        if now == self._settled:
            return ""
        try:
            wanted = migrations.described(migrations.wanted(self._folder))
        except Told as told:
            return str(told)
        except Exception as error:  # a migration file of the learner's that can't be imported
            return ProjectError(error, self._folder).text
        if not wanted:
            self._settled = now
            return ""
        return NEEDED.format(changes="\n".join(f"    {change}" for change in wanted))
