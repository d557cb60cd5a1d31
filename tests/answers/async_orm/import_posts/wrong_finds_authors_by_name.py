# expect: UNIQUE constraint failed: blog_author.email
import json

from asgiref.sync import sync_to_async
from django.db import transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


@transaction.atomic
def store(items):
    for item in items:
        author, _ = Author.objects.get_or_create(**item["author"])
        post = Post.objects.create(title=item["title"], slug=item["slug"], author=author)
        post.tags.set([Tag.objects.get_or_create(name=name)[0] for name in item["tags"]])


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    await sync_to_async(store)(items)
    return JsonResponse({"imported": len(items)}, status=201)
