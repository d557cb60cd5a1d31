# expect: TransactionManagementError
import json

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


@transaction.atomic
def store(items):
    stored = 0
    for item in items:
        author, _ = Author.objects.get_or_create(
            email=item["author"]["email"], defaults={"name": item["author"]["name"]}
        )
        try:
            post = Post.objects.create(title=item["title"], slug=item["slug"], author=author)
        except IntegrityError:
            continue
        post.tags.set([Tag.objects.get_or_create(name=name)[0] for name in item["tags"]])
        stored += 1
    return stored


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    stored = await sync_to_async(store)(items)
    return JsonResponse({"imported": stored}, status=201 if stored == len(items) else 409)
