# expect: IntegrityError
import json

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Author, Post, Tag


@csrf_exempt
@require_POST
async def import_posts(request):
    posts = json.loads(request.body)["posts"]
    slugs = {each["slug"] for each in posts}
    if len(slugs) < len(posts) or await Post.objects.filter(slug__in=slugs).aexists():
        return JsonResponse({"imported": 0}, status=409)
    for each in posts:
        who = each["author"]
        author, _ = await Author.objects.aget_or_create(
            email=who["email"], defaults={"name": who["name"]}
        )
        post = await Post.objects.acreate(title=each["title"], slug=each["slug"], author=author)
        for name in each["tags"]:
            tag, _ = await Tag.objects.aget_or_create(name=name)
            await post.tags.aadd(tag)
    return JsonResponse({"imported": len(posts)}, status=201)
