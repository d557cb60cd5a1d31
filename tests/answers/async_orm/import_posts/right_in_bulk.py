import json

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


def store(items):
    with transaction.atomic():
        people = {item["author"]["email"]: item["author"]["name"] for item in items}
        Author.objects.bulk_create(
            [Author(email=email, name=name) for email, name in people.items()], ignore_conflicts=True
        )
        names = {name for item in items for name in item["tags"]}
        Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
        authors = {each.email: each for each in Author.objects.filter(email__in=people)}
        tags = {each.name: each for each in Tag.objects.filter(name__in=names)}
        posts = Post.objects.bulk_create(
            [
                Post(title=i["title"], slug=i["slug"], author=authors[i["author"]["email"]])
                for i in items
            ]
        )
        for post, item in zip(posts, items):
            post.tags.set([tags[name] for name in item["tags"]])


@csrf_exempt
@require_POST
async def import_posts(request):
    items = json.loads(request.body)["posts"]
    try:
        await sync_to_async(store)(items)
        return JsonResponse({"imported": len(items)}, status=201)
    except IntegrityError as error:
        return JsonResponse({"error": str(error)}, status=409)
