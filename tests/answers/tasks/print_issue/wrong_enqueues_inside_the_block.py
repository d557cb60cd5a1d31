# expect: A note in the queue stays: write it after the commit.
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from blog.models import Post
from blog.tasks import notify_author


@csrf_exempt
@require_POST
def print_issue(request):
    told = json.loads(request.body)
    ids = []
    try:
        with transaction.atomic():
            for title in told["titles"]:
                post = Post.objects.create(
                    title=title,
                    slug=slugify(title),
                    author_id=told["author"],
                    status=Post.Status.PUBLISHED,
                    published_at=timezone.now(),
                )
                notify_author(post.pk)
                ids.append(post.pk)
    except IntegrityError:
        return JsonResponse({"posts": []}, status=409)
    return JsonResponse({"posts": ids}, status=201)
