from django.db.models import Prefetch
from django.http import JsonResponse

from blog.models import Author, Post, Tag


async def by_author(request):
    out = Post.objects.filter(status="published").order_by("-published_at")
    out = out.prefetch_related(Prefetch("tags", queryset=Tag.objects.order_by("name")))
    people = Author.objects.order_by("name").prefetch_related(Prefetch("posts", queryset=out, to_attr="out"))
    found = []
    async for author in people:
        if author.out:
            posts = [{"title": p.title, "tags": [t.name for t in p.tags.all()]} for p in author.out]
            found.append({"name": author.name, "posts": posts})
    return JsonResponse({"authors": found})
