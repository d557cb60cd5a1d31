from django.http import JsonResponse

from blog.models import Author


async def by_author(request):
    found = []
    async for author in Author.objects.prefetch_related("posts__tags").order_by("name"):
        posts = [post for post in author.posts.all() if post.status == "published"]
        posts.sort(key=lambda post: post.published_at, reverse=True)
        if posts:
            found.append(
                {
                    "name": author.name,
                    "posts": [
                        {"title": p.title, "tags": sorted(t.name for t in p.tags.all())} for p in posts
                    ],
                }
            )
    return JsonResponse({"authors": found})
