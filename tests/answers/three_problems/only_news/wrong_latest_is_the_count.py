# expect: not the id of the newest
from django.http import HttpResponse, HttpResponseBadRequest


def news(request):
    try:
        after = int(request.GET.get("after", "0"))
    except ValueError:
        return HttpResponseBadRequest("after must be a whole number")
    latest = len(store.ARTICLES)
    if after > latest:
        after = 0
    articles = [article for article in store.ARTICLES if article["id"] > after]
    if not articles:
        return HttpResponse(status=204)
    return JsonResponse({"articles": articles, "latest": latest})
