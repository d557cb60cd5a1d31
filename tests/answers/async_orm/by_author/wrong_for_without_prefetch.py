# expect: SynchronousOnlyOperation
from django.http import JsonResponse

from blog.models import Author


async def by_author(request):
    authors = Author.objects.filter(posts__status="published").distinct().order_by("name")
    found = []
    async for author in authors:
        posts = [
            {"title": post.title, "tags": sorted(tag.name for tag in post.tags.all())}
            for post in author.posts.all()
            if post.status == "published"
        ]
        found.append({"name": author.name, "posts": posts})
    return JsonResponse({"authors": found})
