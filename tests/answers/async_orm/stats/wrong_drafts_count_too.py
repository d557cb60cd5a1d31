# expect: All five numbers are right
from django.db.models import Sum
from django.http import JsonResponse

from blog.models import Author, Post


async def stats(request):
    published = Post.objects.filter(status=Post.Status.PUBLISHED)
    totals = await Post.objects.aaggregate(reads=Sum("reads", default=0))
    favourite = await Post.objects.order_by("-reads").afirst()
    return JsonResponse(
        {
            "posts": await Post.objects.acount(),
            "published": await published.acount(),
            "authors": await Author.objects.acount(),
            "reads": totals["reads"],
            "most_read": favourite.title if favourite else None,
        }
    )
