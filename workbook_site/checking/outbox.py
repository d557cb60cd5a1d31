"""Mails that the judged project sent, read from its files."""

import email
import email.policy
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

FOLDER = "mail"
# What Django's file backend writes after each mail.
_RULE = b"\n" + b"-" * 79 + b"\n"
_LONGEST = 1024 * 1024


@dataclass(frozen=True)
class Mail:
    """One mail. `body` is its plain text, `html` the alternative, empty when there is none."""

    subject: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    body: str
    html: str


def read(state: Path) -> list[dict[str, Any]]:
    """All mails as the arguments of `Mail`, in the order in which they were sent."""
    logs = [file for file in (state / FOLDER).glob("*.log") if file.is_file()]
    files = sorted(logs, key=lambda file: file.stat().st_mtime_ns)
    return [asdict(_mail(each)) for file in files for each in _split(file) if each.strip()]


def _split(file: Path) -> list[bytes]:
    with file.open("rb") as read:
        return read.read(_LONGEST).split(_RULE)


def _mail(data: bytes) -> Mail:
    told: EmailMessage = email.message_from_bytes(data, policy=email.policy.default)
    return Mail(
        subject=str(told["Subject"] or ""),
        sender=str(told["From"] or ""),
        to=_addresses(told, "To"),
        cc=_addresses(told, "Cc"),
        body=_part(told, "plain"),
        html=_part(told, "html"),
    )


def _addresses(told: EmailMessage, name: str) -> tuple[str, ...]:
    header = told[name]
    return tuple(each.addr_spec for each in header.addresses) if header else ()


def _part(told: EmailMessage, kind: str) -> str:
    found = told.get_body((kind,))
    return str(found.get_content()).rstrip("\n") if found else ""
