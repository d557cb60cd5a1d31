# expect: left posts behind
import json

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


@sync_to_async
@transaction.atomic
def store(item):
    author, _ = Author.objects.get_or_create(
        email=item["author"]["email"], defaults={"name": item["author"]["name"]}
    )
    post = Post.objects.create(title=item["title"], slug=item["slug"], author=author)
    post.tags.set([Tag.objects.get_or_create(name=name)[0] for name in item["tags"]])


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    try:
        for item in items:
            await store(item)
    except IntegrityError:
        return JsonResponse({"imported": 0}, status=409)
    return JsonResponse({"imported": len(items)}, status=201)
