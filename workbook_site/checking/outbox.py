"""Mails that the judged project sent: files which the judge reads itself."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

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


def outbox(state: Path) -> list[Mail]:
    """All mails, in the order in which they were sent."""
    folder = state / FOLDER
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
    return [_mail(each) for file in files for each in _split(file) if each.strip()]


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
