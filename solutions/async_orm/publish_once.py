from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    ### BEGIN SOLUTION
    drafts = Post.objects.filter(slug=slug, status=Post.Status.DRAFT)
    changed = await drafts.aupdate(status=Post.Status.PUBLISHED, published_at=timezone.now())
    if changed:
        return JsonResponse({"published": True})
    if await Post.objects.filter(slug=slug).aexists():
        return JsonResponse({"published": False}, status=409)
    raise Http404
    ### END SOLUTION
