import asyncio

from django.db.models import Count, Sum
from django.http import JsonResponse

from blog.models import Post


async def stats(request):
    out = Post.objects.filter(status=Post.Status.PUBLISHED)
    posts, published, sums, top = await asyncio.gather(
        Post.objects.acount(),
        out.acount(),
        out.aaggregate(reads=Sum("reads", default=0), authors=Count("author_id", distinct=True)),
        out.order_by("-reads").afirst(),
    )
    answer = {"posts": posts, "published": published, **sums, "most_read": None}
    if top is not None:
        answer["most_read"] = top.title
    return JsonResponse(answer)
