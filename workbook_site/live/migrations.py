"""Model changes and the database: what a migration would do, made, applied, and told readably."""

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter

from workbook_site import places
from workbook_site.live.lock import locked
from workbook_site.live.saying import Told

NEEDS_DEFAULT = """\
{model}.{field} is new and has no default, and rows that are there already need a value.
Give it one, such as `default=...`, or allow `null=True`; save the model, then migrate again."""

NULL_TO_VALUE = """\
{model}.{field} no longer allows null, and rows may hold null already.
Give it a `default=...`; save the model, then migrate again."""

TWO_HEADS = """\
The migrations of {apps} end in two different files: two were made apart from each other.
Keep one of them and remove the other from its `migrations` folder, then migrate again."""

LOST = """\
The migrations of {app} are gone, and its tables in the database are not what its models say now.
Put the files back. Or begin with an empty database: delete {database}, then run
await site.migrate() again."""

ONE_LOST = """\
The migration {app}/migrations/{name}.py is gone, and a later one builds on it. Put it back. Or
begin with an empty database: delete {app}'s other migrations and db.sqlite3, then run
await site.migrate()."""

NOTHING = "Nothing to migrate: the database is what the models say."


@dataclass
class Migrated:
    """What `site.migrate()` did. `made`: file -> what it does; `applied`: names, in order."""

    made: dict[str, list[str]] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.made or self.applied)

    def __repr__(self) -> str:
        return "\n".join(self._lines()) or NOTHING

    def _repr_html_(self) -> str:
        return f'<pre style="background:none;color:inherit;margin:2px 0">{escape(repr(self))}</pre>'

    def _lines(self) -> Iterator[str]:
        for path, operations in self.made.items():
            yield f"made     {path}"
            yield from (f"           {each}" for each in operations)
        yield from (f"applied  {name}" for name in self.applied)


def own(folder: Path) -> list[AppConfig]:
    """The apps whose code lies in the project."""
    return [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(folder)]


def signature(folder: Path) -> str:
    """The project's models as text: another text means that a migration may be needed."""
    return "\n".join(
        repr((state.app_label, state.name, state.options, state.bases, _fields(state)))
        for config in own(folder)
        for state in map(ModelState.from_model, config.get_models())
    )


def wanted(folder: Path, label: str | None = None) -> dict[str, list[Migration]]:
    """The migrations that the models ask for and no file holds yet, by app. Asks no database.

    Raises `Told` where Django would ask a question, and when the files contradict each other.
    """
    labels = {config.label for config in own(folder)}
    labels &= {label} if label else labels
    try:
        loader = MigrationLoader(None, ignore_no_migrations=True)
    except NodeNotFoundError as error:
        app, name = error.node
        raise Told(ONE_LOST.format(app=app, name=name)) from None
    conflicts = loader.detect_conflicts()
    if conflicts:
        raise Told(TWO_HEADS.format(apps=", ".join(conflicts)))
    detector = MigrationAutodetector(
        loader.project_state(), ProjectState.from_apps(apps), _Questioner(specified_apps=labels)
    )
    found = detector.changes(graph=loader.graph, trim_to_apps=labels, convert_apps=labels)
    return {app: list(changes) for app, changes in found.items() if app in labels}


def described(changes: dict[str, list[Migration]]) -> list[str]:
    """What these migrations would do, one short line each: "+ Field rating on post"."""
    return [each for found in changes.values() for one in found for each in _operations(one)]


def migrate(folder: Path, label: str | None = None, *, make: bool = True) -> Migrated:
    """Write the migrations that the models ask for, then apply all that are not applied.

    Needs a thread without an event loop, and leaves no connection open in it.
    """
    done = Migrated()
    # Two notebooks may be open on the project; the second then finds everything done.
    with locked(places.state() / "migrate.lock"), closing(_Connections()):
        if make:
            for app, changes in wanted(folder, label).items():
                _refuse_to_begin_anew(apps.get_app_config(app))
                done.made |= {path: doing for path, doing in _write(app, changes, folder)}
        done.applied = _apply(label)
    return done


def unmade(folder: Path) -> bool:
    """Is there an app in the project with models but without any migration?"""
    return any(list(config.get_models()) and not any(_numbered(config)) for config in own(folder))


def all_applied() -> bool:
    """Does the database know every migration file there is? Imports none of them.

    Needs a thread without an event loop, and leaves no connection open in it.
    """
    with closing(_Connections()):
        applied = MigrationRecorder(connections["default"]).applied_migrations()
    return all(
        (config.label, path.stem) in applied
        for config in apps.get_app_configs()
        for path in _numbered(config)
    )


def _refuse_to_begin_anew(config: AppConfig) -> None:
    """A first migration is taken for done where the database knows one of this name already.

    When the files are gone and the models have changed since, nothing would ever bring the tables
    up to date. Raises `Told`.
    """
    connection = connections["default"]
    if any(_numbered(config)):
        return
    applied = MigrationRecorder(connection).applied_migrations()
    if not any(app == config.label for app, _ in applied):
        return
    with connection.cursor() as cursor:
        for model in config.get_models():
            told = connection.introspection.get_table_description(cursor, model._meta.db_table)
            columns = {field.column for field in model._meta.local_concrete_fields}
            if model._meta.managed and {each.name for each in told} != columns:
                database = Path(str(connection.settings_dict["NAME"])).name
                raise Told(LOST.format(app=config.label, database=database))


def _numbered(config: AppConfig) -> Iterator[Path]:
    return (Path(config.path) / "migrations").glob("[0-9]*.py")


class _Questioner(MigrationQuestioner):
    """Answers in place of a terminal: what only the learner can decide becomes a sentence."""

    def ask_not_null_addition(self, field_name: str, model_name: str) -> Any:
        raise Told(NEEDS_DEFAULT.format(model=model_name, field=field_name))

    def ask_not_null_alteration(self, field_name: str, model_name: str) -> Any:
        raise Told(NULL_TO_VALUE.format(model=model_name, field=field_name))

    def ask_auto_now_add_addition(self, field_name: str, model_name: str) -> Any:
        from django.utils import timezone

        return timezone.now()  # what Django's own question offers

    def ask_unique_callable_default_addition(self, field_name: str, model_name: str) -> Any:
        return None  # goes on, as Django does when nobody can be asked


class _Connections:
    def close(self) -> None:
        connections.close_all()


def _fields(state: ModelState) -> list[tuple[str, Any]]:
    return [(name, each.deconstruct()[1:]) for name, each in state.fields.items()]


def _operations(migration: Migration) -> list[str]:
    return [_said(operation) for operation in migration.operations]


def _said(operation: Any) -> str:
    """Django 5.2 and later mark what is added, removed and changed."""
    marked = getattr(operation, "formatted_description", None)
    return str(marked() if marked else operation.describe())


def _write(app: str, changes: list[Migration], folder: Path) -> Iterator[tuple[str, list[str]]]:
    for migration in changes:
        writer = MigrationWriter(migration)
        path = Path(writer.path)
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(writer.as_string(), encoding="utf-8")
        yield path.relative_to(folder).as_posix(), _operations(migration)


def _apply(label: str | None) -> list[str]:
    executor = MigrationExecutor(connections["default"])
    targets = executor.loader.graph.leaf_nodes(label)
    plan = executor.migration_plan(targets)
    if plan:
        where = [label] if label else []
        call_command("migrate", *where, interactive=False, verbosity=0, stdout=io.StringIO())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
