# expect: asynchronous context manager
import json

from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    try:
        async with transaction.atomic():
            for item in items:
                author, _ = await Author.objects.aget_or_create(
                    email=item["author"]["email"], defaults={"name": item["author"]["name"]}
                )
                post = await Post.objects.acreate(
                    title=item["title"], slug=item["slug"], author=author
                )
                tags = [(await Tag.objects.aget_or_create(name=name))[0] for name in item["tags"]]
                await post.tags.aset(tags)
    except IntegrityError:
        return JsonResponse({"imported": 0}, status=409)
    return JsonResponse({"imported": len(items)}, status=201)
