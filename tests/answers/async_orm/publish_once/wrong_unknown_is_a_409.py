# expect: A slug that no post has is a 404
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    drafts = Post.objects.filter(slug=slug, status=Post.Status.DRAFT)
    changed = await drafts.aupdate(status=Post.Status.PUBLISHED, published_at=timezone.now())
    return JsonResponse({"published": changed == 1}, status=200 if changed else 409)
