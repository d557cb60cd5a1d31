# expect: NotImplementedError
import math

import httpx
from django.conf import settings

from blog.models import Report
from blog.progress import tell


@db_task()
def rebuild_index(report_id):
    report = Report.objects.get(pk=report_id)
    raise NotImplementedError
