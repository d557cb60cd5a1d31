"""A zip of strangers, read member by member in memory. Nothing is ever unpacked onto the disk.

What an archive says of itself is not believed: sizes are counted while reading.
"""

import stat
import threading
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from workbook_site.intake.files import File, passed_over
from workbook_site.intake.trouble import MB, Limits, NotUsable, Trouble

TOO_MANY = "it holds {found:,} files, and {limit:,} are allowed"
TOO_MUCH = "unpacked it has {found:,} bytes, and {limit:,} are allowed"
TOO_DENSE = "{name} grows to {found:,} times its size"

# A small file may well be packed this densely: ratios are looked at from here on.
SMALL = MB


def members(path: Path, limits: Limits) -> Iterator[File]:
    """Every file of an archive, sorted by name. Raises `NotUsable` when it can't be read at all."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise NotUsable(Trouble.ZIP_BROKEN, str(error)[:100]) from error
    infos = [info for info in archive.infolist() if not info.is_dir()]
    try:
        _check_size(infos, limits)
    except NotUsable:
        archive.close()
        raise
    turn = threading.Lock()
    for info in sorted(infos, key=lambda each: each.filename):
        file = _member(archive, path, info, limits, turn)
        if file is not None:
            yield file


def _check_size(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.files:
        told = TOO_MANY.format(found=len(infos), limit=limits.files)
        raise NotUsable(Trouble.ZIP_BOMB, told)
    total = sum(info.file_size for info in infos)
    if total > limits.total:
        raise NotUsable(Trouble.ZIP_BOMB, TOO_MUCH.format(found=total, limit=limits.total))


def _member(
    archive: zipfile.ZipFile,
    path: Path,
    info: zipfile.ZipInfo,
    limits: Limits,
    turn: threading.Lock,
) -> File | None:
    name = info.orig_filename.replace("\\", "/")
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if not parts or passed_over(tuple(part for part in parts if part != "..")):
        return None
    return File(
        parts,
        f"{path.name}: {info.filename}",
        _when(info),
        lambda: _read(archive, info, limits, turn),
        _wrong(info, name, parts, limits),
    )


def _wrong(
    info: zipfile.ZipInfo, name: str, parts: tuple[str, ...], limits: Limits
) -> NotUsable | None:
    """Why this member must not be read, if so."""
    drive = ":" in parts[0][:2]
    if name.startswith("/") or ".." in parts or drive or "\0" in name:
        return NotUsable(Trouble.ZIP_PATH, repr(info.orig_filename[:120]))
    if stat.S_ISLNK(info.external_attr >> 16):
        return NotUsable(Trouble.SYMLINK)
    if info.flag_bits & 0x1:
        return NotUsable(Trouble.ZIP_LOCKED)
    ratio = info.file_size // max(1, info.compress_size)
    if info.file_size > SMALL and ratio > limits.ratio:
        return NotUsable(Trouble.ZIP_BOMB, TOO_DENSE.format(name=parts[-1], found=ratio))
    if info.file_size > limits.notebook:
        return NotUsable(Trouble.TOO_LARGE, info.file_size, limits.notebook)
    return None


def _read(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, turn: threading.Lock
) -> bytes:
    try:
        with turn, archive.open(info) as file:
            data = file.read(limits.notebook + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise NotUsable(Trouble.ZIP_BROKEN, str(error)[:100]) from error
    except (NotImplementedError, RuntimeError) as error:  # packed in a way that Python can't read
        raise NotUsable(Trouble.ZIP_BROKEN, str(error)[:100]) from error
    if len(data) > limits.notebook:
        raise NotUsable(Trouble.TOO_LARGE, len(data), limits.notebook)
    return data


def _when(info: zipfile.ZipInfo) -> datetime | None:
    """When the file was last changed, as the clocks of this machine show it; zips know no zones."""
    try:
        told = datetime(*info.date_time)
    except ValueError:
        return None
    return told.astimezone() if told.year > 1980 else None
