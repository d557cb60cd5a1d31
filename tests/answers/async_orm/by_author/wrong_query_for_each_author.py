# expect: The page asks the database too often
from django.http import JsonResponse

from blog.models import Author, Post


async def by_author(request):
    found = []
    async for author in Author.objects.order_by("name"):
        posts = author.posts.filter(status=Post.Status.PUBLISHED).prefetch_related("tags")
        shown = [
            {"title": post.title, "tags": sorted(tag.name for tag in post.tags.all())}
            async for post in posts.order_by("-published_at")
        ]
        if shown:
            found.append({"name": author.name, "posts": shown})
    return JsonResponse({"authors": found})
