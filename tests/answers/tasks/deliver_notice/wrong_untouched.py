# expect: NotImplementedError
import httpx

from blog.models import Notice


@db_task()
def deliver_notice(notice_id):
    raise NotImplementedError
