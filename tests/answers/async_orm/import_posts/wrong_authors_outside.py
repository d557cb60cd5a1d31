# expect: left authors behind
import json

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


@transaction.atomic
def store(items, authors):
    for item in items:
        author = authors[item["author"]["email"]]
        post = Post.objects.create(title=item["title"], slug=item["slug"], author=author)
        post.tags.set([Tag.objects.get_or_create(name=name)[0] for name in item["tags"]])


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    authors = {}
    for item in items:
        who = item["author"]
        authors[who["email"]], _ = await Author.objects.aget_or_create(
            email=who["email"], defaults={"name": who["name"]}
        )
    try:
        await sync_to_async(store)(items, authors)
    except IntegrityError:
        return JsonResponse({"imported": 0}, status=409)
    return JsonResponse({"imported": len(items)}, status=201)
