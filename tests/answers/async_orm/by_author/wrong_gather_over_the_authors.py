# expect: The page asks the database too often
import asyncio

from django.http import JsonResponse

from blog.models import Author


async def entry(author):
    posts = author.posts.filter(status="published").order_by("-published_at").prefetch_related("tags")
    return {
        "name": author.name,
        "posts": [
            {"title": post.title, "tags": sorted(tag.name for tag in post.tags.all())}
            async for post in posts
        ],
    }


async def by_author(request):
    authors = [author async for author in Author.objects.order_by("name")]
    entries = await asyncio.gather(*[entry(author) for author in authors])
    return JsonResponse({"authors": [each for each in entries if each["posts"]]})
