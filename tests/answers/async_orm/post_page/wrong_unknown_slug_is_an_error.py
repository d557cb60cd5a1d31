# expect: DoesNotExist
from django.http import JsonResponse

from blog.models import Post


async def post_page(request, slug):
    post = await Post.objects.select_related("author").aget(slug=slug, status="published")
    others = post.author.posts.filter(status="published").exclude(pk=post.pk)
    return JsonResponse(
        {
            "title": post.title,
            "body": post.body,
            "author": {"name": post.author.name, "email": post.author.email},
            "tags": [tag.name async for tag in post.tags.order_by("name")],
            "more": [other.title async for other in others.order_by("-published_at")[:3]],
        }
    )
