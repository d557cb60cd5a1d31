# expect: A lock of yours holds in one process only.
import asyncio

from django.http import JsonResponse
from django.shortcuts import aget_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import Post

one_at_a_time = asyncio.Lock()


@csrf_exempt
@require_POST
async def publish_once(request, slug):
    async with one_at_a_time:
        post = await aget_object_or_404(Post, slug=slug)
        if post.status == Post.Status.PUBLISHED:
            return JsonResponse({"published": False}, status=409)
        post.status = Post.Status.PUBLISHED
        post.published_at = timezone.now()
        await post.asave()
    return JsonResponse({"published": True})
