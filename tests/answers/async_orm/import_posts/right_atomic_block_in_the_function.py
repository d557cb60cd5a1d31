import json

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


def store(items):
    """Whether the batch was stored."""
    try:
        with transaction.atomic():
            for item in items:
                author, _ = Author.objects.get_or_create(
                    email=item["author"]["email"], defaults={"name": item["author"]["name"]}
                )
                post = author.posts.create(title=item["title"], slug=item["slug"])
                for name in item["tags"]:
                    tag, _ = Tag.objects.get_or_create(name=name)
                    post.tags.add(tag)
    except IntegrityError:
        return False
    return True


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    if await sync_to_async(store)(items):
        return JsonResponse({"imported": len(items)}, status=201)
    return JsonResponse({"error": "a slug is taken"}, status=409)
