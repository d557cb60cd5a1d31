# expect: Each author with their published posts
from django.db.models import Prefetch
from django.http import JsonResponse

from blog.models import Author, Post


async def by_author(request):
    posts = Post.objects.filter(status="published").order_by("-published_at").prefetch_related("tags")
    authors = Author.objects.filter(posts__status="published").order_by("name")
    return JsonResponse(
        {
            "authors": [
                {
                    "name": author.name,
                    "posts": [
                        {"title": post.title, "tags": sorted(tag.name for tag in post.tags.all())}
                        for post in author.posts.all()
                    ],
                }
                async for author in authors.prefetch_related(Prefetch("posts", queryset=posts))
            ]
        }
    )
