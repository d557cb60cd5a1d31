from django.http import JsonResponse
from django.shortcuts import aget_object_or_404

from blog.models import Author, Post


async def post_page(request, slug):
    post = await aget_object_or_404(Post, slug=slug, status=Post.Status.PUBLISHED)
    author = await Author.objects.aget(pk=post.author_id)
    tags, more = [], []
    async for name in post.tags.order_by("name").values_list("name", flat=True):
        tags.append(name)
    async for other in author.posts.filter(status=Post.Status.PUBLISHED).order_by("-published_at"):
        if other.pk != post.pk and len(more) < 3:
            more.append(other.title)
    return JsonResponse(
        {
            "title": post.title,
            "body": post.body,
            "author": {"name": author.name, "email": author.email},
            "tags": tags,
            "more": more,
        }
    )
