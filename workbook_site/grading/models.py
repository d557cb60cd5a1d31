"""The truth about a class. The queue carries ids only; everything that counts is a row here.

    Student --< Submission --< Answer --< Grade >-- Verdict
    Student --< Remark (an instructor's points and words; knows chapter and exercise by name)

A submission is received, queued, running (somebody holds a lease on it), and then graded, or failed
with a problem. Nothing is overwritten that somebody may ask for later: older submissions, older
verdicts and older remarks stay, and a flag or the order says which counts.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Clock(models.Model):
    """Counts committed changes. `store.touch` has it tick, which locks its one row until that
    commits, so that readers never see a later number before an earlier one."""

    now = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.now)


class Student(models.Model):
    """Somebody who handed something in, or who stands on the roster. `key` is what files go by."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    # A roster was read, and this student was on it.
    enrolled = models.BooleanField(default=False)
    # The last change that the table of the class shows; see `Clock`.
    changed = models.BigIntegerField(default=0, db_index=True)

    class Meta:
        """In the order of a class list."""

        ordering: ClassVar = ["name", "key"]

    def __str__(self) -> str:
        return self.name or self.key


class State(models.TextChoices):
    """How far a submission is."""

    RECEIVED = "received"
    QUEUED = "queued"
    RUNNING = "running"
    GRADED = "graded"
    FAILED = "failed"


# Somebody has to do something about these.
OPEN = (State.RECEIVED, State.QUEUED, State.RUNNING)
SETTLED = (State.GRADED, State.FAILED)


class Submission(models.Model):
    """One notebook, as it was handed in. The same bytes twice are one submission."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="submissions")
    chapter = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    # When it was handed in, as far as that is known (`dated`), else when it came here.
    received_at = models.DateTimeField()
    dated = models.BooleanField(default=True)
    source = models.TextField()
    # `None` when the file was refused for its size.
    notebook = models.BinaryField(null=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    lease_holder = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    # The sentence for the reader, and its slug in `intake.Trouble`, or "ours".
    problem = models.TextField(blank=True)
    trouble = models.CharField(max_length=40, blank=True)

    # The learning platform's own mark, for want of a time.
    marked_late = models.BooleanField(default=False)
    late_by = models.IntegerField(default=0)
    # What is to be said about the notebook: copied cells, lost ones. A list of sentences.
    notes = models.JSONField(default=list)
    # Judge its answers anew, whatever is known of them.
    afresh = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """Found by what is to be done, and by student and chapter."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["student", "chapter", "digest"], name="handed_in_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "lease_until"]),
            models.Index(fields=["student", "chapter", "-received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.student_id}/{self.chapter} {self.digest[:8]}"


class Answer(models.Model):
    """What a submission answers to one exercise; an empty text where nothing was found."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers")
    exercise = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    # The key of its verdict: see `keys.py`.
    key = models.CharField(max_length=110, db_index=True)
    note = models.TextField(blank=True)

    class Meta:
        """One for each exercise."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "exercise"], name="answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.exercise}"


class Verdict(models.Model):
    """What the judge said. Identical answers share it: `key` tells all that it depends on."""

    key = models.CharField(max_length=110, unique=True)
    chapter = models.CharField(max_length=100)
    exercise = models.CharField(max_length=100)
    outcome = models.CharField(max_length=20)
    points = models.FloatField()
    possible = models.FloatField()
    # `checking.Report.to_json()`
    report = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        """Insight asks by exercise."""

        indexes: ClassVar = [models.Index(fields=["chapter", "exercise"])]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.outcome}"


class Grade(models.Model):
    """This verdict was given for this answer. One is current; the others are its history."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="grades")
    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="grades")
    current = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        """The rule that no answer is graded twice, kept by the database."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["answer"], condition=Q(current=True), name="one_current_grade"
            ),
            models.UniqueConstraint(fields=["answer", "verdict"], name="graded_so_once"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.verdict_id}"


class Remark(models.Model):
    """An instructor's points or words on a student's exercise. The newest one counts.

    It hangs on student, chapter and exercise, not on an answer: regrading and resubmitting leave
    it where it is. Without `points` the judge's stand.
    """

    student = models.ForeignKey(Student, models.CASCADE, related_name="remarks")
    chapter = models.CharField(max_length=100)
    exercise = models.CharField(max_length=100)
    points = models.FloatField(null=True)
    comment = models.TextField(blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["student", "chapter", "exercise", "-id"])]

    def __str__(self) -> str:
        return f"{self.student_id}/{self.chapter}/{self.exercise} by {self.by}"


class Unplaced(models.Model):
    """A file that belongs to nobody we know. It stays on the list until an instructor acts."""

    source = models.TextField()
    why = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """The same file is on the list once."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="on_the_list_once")
        ]

    def __str__(self) -> str:
        return self.source
