# expect: `more` leads to the post itself
from django.http import JsonResponse
from django.shortcuts import aget_object_or_404

from blog.models import Post


async def post_page(request, slug):
    published = Post.objects.filter(status=Post.Status.PUBLISHED).select_related("author")
    post = await aget_object_or_404(published, slug=slug)
    others = published.filter(author=post.author).order_by("-published_at")
    return JsonResponse(
        {
            "title": post.title,
            "body": post.body,
            "author": {"name": post.author.name, "email": post.author.email},
            "tags": [tag.name async for tag in post.tags.order_by("name")],
            "more": [other.title async for other in others[:3]],
        }
    )
