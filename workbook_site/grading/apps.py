"""The gradebook as Django sees it."""

from django.apps import AppConfig


class GradingConfig(AppConfig):
    """Models under the label `grading`."""

    name = "workbook_site.grading"
    label = "grading"
    verbose_name = "Gradebook"
