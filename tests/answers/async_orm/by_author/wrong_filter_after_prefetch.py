# expect: The page asks the database too often
from django.http import JsonResponse

from blog.models import Author


async def by_author(request):
    authors = Author.objects.filter(posts__status="published").distinct().order_by("name")
    found = []
    async for author in authors.prefetch_related("posts__tags"):
        posts = []
        async for post in author.posts.filter(status="published").order_by("-published_at"):
            posts.append({"title": post.title, "tags": [t.name async for t in post.tags.order_by("name")]})
        found.append({"name": author.name, "posts": posts})
    return JsonResponse({"authors": found})
