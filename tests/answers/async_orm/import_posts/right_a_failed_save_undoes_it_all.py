# Caught inside, but Django has noted that a save failed, and takes the block back.
import json

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


@transaction.atomic
def keep(batch):
    try:
        for told in batch:
            author = Author.objects.get_or_create(
                email=told["author"]["email"], defaults={"name": told["author"]["name"]}
            )[0]
            post = Post.objects.create(title=told["title"], slug=told["slug"], author=author)
            tags = [Tag.objects.get_or_create(name=name)[0] for name in told["tags"]]
            post.tags.add(*tags)
    except IntegrityError:
        return 409, 0
    return 201, len(batch)


@csrf_exempt
@require_POST
async def import_posts(request):
    status, count = await sync_to_async(keep)(json.loads(request.body)["posts"])
    return JsonResponse({"imported": count}, status=status)
