from django.db.models import Count, Q, Sum
from django.http import JsonResponse

from blog.models import Post


async def stats(request):
    out = Q(status=Post.Status.PUBLISHED)
    numbers = await Post.objects.aaggregate(
        posts=Count("pk"),
        published=Count("pk", filter=out),
        authors=Count("author", filter=out, distinct=True),
        reads=Sum("reads", filter=out, default=0),
    )
    titles = Post.objects.filter(out).order_by("-reads").values_list("title", flat=True)
    return JsonResponse({**numbers, "most_read": await titles.afirst()})
