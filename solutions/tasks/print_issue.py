from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from blog.models import Post
from blog.tasks import notify_author


@csrf_exempt
@require_POST
def print_issue(request):
    """Publish one post for each title, all by one author."""
    ### BEGIN SOLUTION
    ### STARTER: told = json.loads(request.body)
    ### STARTER: ids = []
    ### STARTER: for title in told["titles"]:
    ### STARTER:     post = Post.objects.create(
    ### STARTER:         title=title,
    ### STARTER:         slug=slugify(title),
    ### STARTER:         author_id=told["author"],
    ### STARTER:         status=Post.Status.PUBLISHED,
    ### STARTER:         published_at=timezone.now(),
    ### STARTER:     )
    ### STARTER:     notify_author(post)
    ### STARTER:     ids.append(post.pk)
    ### STARTER: return JsonResponse({"posts": ids}, status=201)
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
                transaction.on_commit(partial(notify_author, post.pk))
                ids.append(post.pk)
    except IntegrityError:
        return JsonResponse({"posts": []}, status=409)
    return JsonResponse({"posts": ids}, status=201)
    ### END SOLUTION
