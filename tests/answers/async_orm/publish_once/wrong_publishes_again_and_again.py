# expect: What is published already is a 409
from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    changed = await Post.objects.filter(slug=slug).aupdate(status="published", published_at=timezone.now())
    if not changed:
        raise Http404
    return JsonResponse({"published": True})
