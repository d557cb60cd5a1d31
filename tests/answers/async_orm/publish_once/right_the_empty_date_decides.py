from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    waiting = Post.objects.filter(slug=slug, published_at__isnull=True, status=Post.Status.DRAFT)
    if await waiting.aupdate(published_at=timezone.now(), status=Post.Status.PUBLISHED) == 1:
        return JsonResponse({"published": True})
    try:
        await Post.objects.only("pk").aget(slug=slug)
    except Post.DoesNotExist:
        raise Http404 from None
    return JsonResponse({"published": False}, status=409)
