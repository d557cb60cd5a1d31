# expect: With drafts only, the sum is 0
from django.db.models import Sum
from django.http import JsonResponse

from blog.models import Post


async def stats(request):
    published = Post.objects.filter(status=Post.Status.PUBLISHED)
    totals = await published.aaggregate(reads=Sum("reads"))
    favourite = await published.order_by("-reads").afirst()
    return JsonResponse(
        {
            "posts": await Post.objects.acount(),
            "published": await published.acount(),
            "authors": await published.values("author").distinct().acount(),
            "reads": totals["reads"],
            "most_read": favourite.title if favourite else None,
        }
    )
