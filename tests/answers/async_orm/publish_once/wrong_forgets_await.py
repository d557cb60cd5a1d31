# expect: coroutine
from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    drafts = Post.objects.filter(slug=slug, status=Post.Status.DRAFT)
    changed = drafts.aupdate(status=Post.Status.PUBLISHED, published_at=timezone.now())
    if changed == 1:
        return JsonResponse({"published": True})
    if changed == 0 and await Post.objects.filter(slug=slug).aexists():
        return JsonResponse({"published": False}, status=409)
    return JsonResponse({"published": changed})
