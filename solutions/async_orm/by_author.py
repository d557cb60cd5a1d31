from django.db.models import Prefetch
from django.http import JsonResponse

from blog.models import Author, Post


async def by_author(request):
    ### BEGIN SOLUTION
    published = Post.objects.filter(status=Post.Status.PUBLISHED).order_by("-published_at")
    authors = (
        Author.objects.filter(posts__status=Post.Status.PUBLISHED)
        .distinct()
        .order_by("name")
        .prefetch_related(Prefetch("posts", queryset=published.prefetch_related("tags")))
    )
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
                async for author in authors
            ]
        }
    )
    ### END SOLUTION
