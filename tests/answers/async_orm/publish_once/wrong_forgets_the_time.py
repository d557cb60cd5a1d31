# expect: published_at
from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    if await Post.objects.filter(slug=slug, status="draft").aupdate(status="published"):
        return JsonResponse({"published": True})
    if await Post.objects.filter(slug=slug).aexists():
        return JsonResponse({"published": False}, status=409)
    raise Http404
