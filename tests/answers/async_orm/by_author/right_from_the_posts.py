from django.http import JsonResponse

from blog.models import Post


async def by_author(request):
    posts = (
        Post.objects.filter(status=Post.Status.PUBLISHED)
        .select_related("author")
        .prefetch_related("tags")
        .order_by("author__name", "author_id", "-published_at")
    )
    authors = {}
    async for post in posts:
        entry = authors.setdefault(post.author_id, {"name": post.author.name, "posts": []})
        tags = sorted([tag.name for tag in post.tags.all()])
        entry["posts"].append({"title": post.title, "tags": tags})
    return JsonResponse({"authors": list(authors.values())})
