# expect: TransactionManagementError
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
    with transaction.atomic():
        for title in told["titles"]:
            try:
                post = Post.objects.create(
                    title=title,
                    slug=slugify(title),
                    author_id=told["author"],
                    status=Post.Status.PUBLISHED,
                    published_at=timezone.now(),
                )
            except IntegrityError:
                Post.objects.filter(pk__in=ids).delete()
                return JsonResponse({"posts": []}, status=409)
            transaction.on_commit(partial(notify_author, post.pk))
            ids.append(post.pk)
    return JsonResponse({"posts": ids}, status=201)
