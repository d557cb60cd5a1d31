from django.http import Http404, JsonResponse

from blog.models import Post


async def post_page(request, slug):
    try:
        post = await Post.objects.select_related("author").aget(slug=slug, status="published")
    except Post.DoesNotExist:
        raise Http404("There is no such post.")
    more = post.author.posts.filter(status="published").exclude(pk=post.pk).order_by("-published_at")
    return JsonResponse(
        {
            "title": post.title,
            "body": post.body,
            "author": {"name": post.author.name, "email": post.author.email},
            "tags": sorted([tag.name async for tag in post.tags.all()]),
            "more": [each.title async for each in more[:3]],
        }
    )
