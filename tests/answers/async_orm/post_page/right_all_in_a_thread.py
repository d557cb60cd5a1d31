from asgiref.sync import sync_to_async
from django.http import JsonResponse
from django.shortcuts import get_object_or_404

from blog.models import Post


@sync_to_async
def look_up(slug):
    post = get_object_or_404(Post, slug=slug, status="published")
    others = post.author.posts.filter(status="published").exclude(pk=post.pk)
    return {
        "title": post.title,
        "body": post.body,
        "author": {"name": post.author.name, "email": post.author.email},
        "tags": [tag.name for tag in post.tags.order_by("name")],
        "more": [other.title for other in others.order_by("-published_at")[:3]],
    }


async def post_page(request, slug):
    return JsonResponse(await look_up(slug))
