# expect: SynchronousOnlyOperation
from django.http import JsonResponse
from django.shortcuts import aget_object_or_404

from blog.models import Post


async def post_page(request, slug):
    post = await aget_object_or_404(Post, slug=slug, status=Post.Status.PUBLISHED)
    others = Post.objects.filter(author_id=post.author_id, status=Post.Status.PUBLISHED)
    others = others.exclude(pk=post.pk).order_by("-published_at")
    return JsonResponse(
        {
            "title": post.title,
            "body": post.body,
            "author": {"name": post.author.name, "email": post.author.email},
            "tags": [tag.name async for tag in post.tags.order_by("name")],
            "more": [other.title async for other in others[:3]],
        }
    )
