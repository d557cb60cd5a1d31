# expect: What does the write itself say about the status that the post must still have?
from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    posts = Post.objects.filter(slug=slug)
    if not await posts.aexists():
        raise Http404
    if await posts.filter(status="published").aexists():
        return JsonResponse({"published": False}, status=409)
    await posts.aupdate(status="published", published_at=timezone.now())
    return JsonResponse({"published": True})
