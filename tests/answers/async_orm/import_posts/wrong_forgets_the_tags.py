# expect: The posts are not stored as they were sent
import json

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post


@transaction.atomic
def store(items):
    for item in items:
        author, _ = Author.objects.get_or_create(
            email=item["author"]["email"], defaults={"name": item["author"]["name"]}
        )
        Post.objects.create(title=item["title"], slug=item["slug"], author=author)


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    try:
        await sync_to_async(store)(items)
    except IntegrityError:
        return JsonResponse({"imported": 0}, status=409)
    return JsonResponse({"imported": len(items)}, status=201)
