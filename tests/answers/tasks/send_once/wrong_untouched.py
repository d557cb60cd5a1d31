# expect: NotImplementedError
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone


@db_task()
def send_once(notice_id):
    raise NotImplementedError
