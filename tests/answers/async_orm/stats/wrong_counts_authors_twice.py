# expect: All posts are by one author
from django.db.models import Count, Sum
from django.http import JsonResponse

from blog.models import Post


async def stats(request):
    published = Post.objects.filter(status=Post.Status.PUBLISHED)
    totals = await published.aaggregate(reads=Sum("reads", default=0), authors=Count("author"))
    favourite = await published.order_by("-reads").afirst()
    return JsonResponse(
        {
            "posts": await Post.objects.acount(),
            "published": await published.acount(),
            "authors": totals["authors"],
            "reads": totals["reads"],
            "most_read": favourite.title if favourite else None,
        }
    )
