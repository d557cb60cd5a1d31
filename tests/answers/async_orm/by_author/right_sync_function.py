from asgiref.sync import sync_to_async
from django.db.models import Prefetch
from django.http import JsonResponse

from blog.models import Author, Post


def archive():
    posts = Post.objects.filter(status="published").order_by("-published_at").prefetch_related("tags")
    for author in Author.objects.prefetch_related(Prefetch("posts", posts)).order_by("name"):
        if author.posts.all():
            yield {
                "name": author.name,
                "posts": [
                    {"title": post.title, "tags": sorted(tag.name for tag in post.tags.all())}
                    for post in author.posts.all()
                ],
            }


async def by_author(request):
    return JsonResponse({"authors": await sync_to_async(lambda: list(archive()))()})
