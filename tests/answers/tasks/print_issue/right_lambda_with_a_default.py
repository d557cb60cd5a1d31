from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from blog.models import Post
from blog.tasks import notify_author


@transaction.atomic
def print_all(told):
    ids = []
    for title in told["titles"]:
        post = Post.objects.create(
            title=title,
            slug=slugify(title),
            author_id=told["author"],
            status=Post.Status.PUBLISHED,
            published_at=timezone.now(),
        )
        transaction.on_commit(lambda number=post.pk: notify_author(post_id=number))
        ids.append(post.pk)
    return ids


@csrf_exempt
@require_POST
def print_issue(request):
    try:
        ids = print_all(json.loads(request.body))
    except IntegrityError:
        return JsonResponse({"posts": []}, status=409)
    return JsonResponse({"posts": ids}, status=201)
