from django.http import HttpResponse, HttpResponseBadRequest


def news(request):
    after = request.GET.get("after")
    if after is not None and not after.isdecimal():
        return HttpResponse("what?", status=400)
    known = int(after or 0)
    newest = max(article["id"] for article in store.ARTICLES)
    fresh = []
    for article in reversed(store.ARTICLES):
        if known <= newest and article["id"] <= known:
            break
        fresh.insert(0, article)
    if not fresh:
        return HttpResponse(b"", status=204)
    return JsonResponse({"articles": fresh, "latest": newest})
