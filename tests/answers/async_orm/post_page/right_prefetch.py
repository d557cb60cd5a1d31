from django.http import JsonResponse

from blog.models import Post


async def post_page(request, slug):
    post = (
        await Post.objects.select_related("author")
        .prefetch_related("tags")
        .filter(slug=slug, status=Post.Status.PUBLISHED)
        .afirst()
    )
    if post is None:
        return JsonResponse({"error": "no such post"}, status=404)
    titles = (
        Post.objects.filter(author=post.author, status=Post.Status.PUBLISHED)
        .exclude(slug=slug)
        .order_by("-published_at")
        .values_list("title", flat=True)
    )
    return JsonResponse(
        {
            "title": post.title,
            "body": post.body,
            "author": {"name": post.author.name, "email": post.author.email},
            "tags": sorted(tag.name for tag in post.tags.all()),
            "more": [title async for title in titles[:3]],
        }
    )
