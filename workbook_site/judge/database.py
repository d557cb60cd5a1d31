"""Brings the judged project's database up to its models.

Chapters need not print migrations: what is missing is made here, as `makemigrations` would, in the
copy of the project. A question that it would ask (a new column without a default) is answered with
an empty value, since the rows of a judged database come and go.
"""

from pathlib import Path

from django.apps import AppConfig, apps
from django.db import connection, connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter


def bring_up(folder: Path) -> None:
    """Write the missing migrations of the project in `folder`, then apply all."""
    own = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(folder)]
    try:
        _write_missing(own)
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        _content_types_follow()
    finally:
        connections.close_all()


def _write_missing(own: list[AppConfig]) -> None:
    for config in own:
        if config.models_module is not None:
            package = Path(config.path) / "migrations"
            package.mkdir(exist_ok=True)
            (package / "__init__.py").touch()
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(
        loader.project_state(), ProjectState.from_apps(apps), _Questioner(defaults={})
    )
    labels = {config.label for config in own}
    changes = detector.changes(graph=loader.graph, trim_to_apps=labels, convert_apps=labels)
    for label, migrations in changes.items():
        if label in labels:
            for migration in migrations:
                writer = MigrationWriter(migration)
                Path(writer.path).write_text(writer.as_string(), encoding="utf-8")


def _content_types_follow() -> None:
    """Content types and permissions, which `manage.py migrate` makes after it."""
    from django.core.management.sql import emit_post_migrate_signal

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


class _Questioner(MigrationQuestioner):
    """Knows an answer to everything."""

    def ask_initial(self, app_label: str) -> bool:
        return True

    def ask_not_null_addition(self, field_name: str, model_name: str) -> object:
        field = apps.get_model(self._label(model_name), model_name)._meta.get_field(field_name)
        return field.get_default() if field.has_default() else field.to_python("0")

    def _label(self, model_name: str) -> str:
        return next(
            m._meta.app_label for m in apps.get_models() if m._meta.model_name == model_name
        )
