from asgiref.sync import sync_to_async
from django.db.models import Sum
from django.http import JsonResponse

from blog.models import Author, Post


def numbers():
    out = Post.objects.filter(status="published")
    top = out.order_by("reads").last()
    return {
        "posts": Post.objects.count(),
        "published": out.count(),
        "authors": Author.objects.filter(posts__status="published").distinct().count(),
        "reads": out.aggregate(total=Sum("reads"))["total"] or 0,
        "most_read": getattr(top, "title", None),
    }


async def stats(request):
    return JsonResponse(await sync_to_async(numbers)())
