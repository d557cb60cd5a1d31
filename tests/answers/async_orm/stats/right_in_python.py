from django.http import JsonResponse

from blog.models import Post


async def stats(request):
    posts = [post async for post in Post.objects.all()]
    out = [post for post in posts if post.status == "published"]
    top = max(out, key=lambda post: post.reads, default=None)
    return JsonResponse(
        {
            "posts": len(posts),
            "published": len(out),
            "authors": len({post.author_id for post in out}),
            "reads": sum(post.reads for post in out),
            "most_read": top.title if top else None,
        }
    )
