from asgiref.sync import sync_to_async
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post


@transaction.atomic
def publish_now(slug):
    post = get_object_or_404(Post.objects.select_for_update(), slug=slug)
    if post.status == Post.Status.PUBLISHED:
        return False
    post.status = Post.Status.PUBLISHED
    post.published_at = timezone.now()
    post.save()
    return True


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    if await sync_to_async(publish_now)(slug):
        return JsonResponse({"published": True})
    return JsonResponse({"published": False}, status=409)
