import json

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


### BEGIN SOLUTION
@transaction.atomic
def store_batch(items):
    for item in items:
        email, name = item["author"]["email"], item["author"]["name"]
        author, _ = Author.objects.get_or_create(email=email, defaults={"name": name})
        post = Post.objects.create(title=item["title"], slug=item["slug"], author=author)
        post.tags.set([Tag.objects.get_or_create(name=tag)[0] for tag in item["tags"]])
### END SOLUTION


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    ### BEGIN SOLUTION
    try:
        await sync_to_async(store_batch)(items)
    except IntegrityError:
        return JsonResponse({"imported": 0}, status=409)
    return JsonResponse({"imported": len(items)}, status=201)
    ### END SOLUTION
