from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    post = Post.objects.filter(slug=slug)
    if not await post.aexists():
        return JsonResponse({"error": "no such post"}, status=404)
    mine = await post.exclude(status="published").aupdate(status="published", published_at=timezone.now())
    return JsonResponse({"published": bool(mine)}, status=200 if mine else 409)
