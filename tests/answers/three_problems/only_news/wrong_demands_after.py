# expect: insists on the name
from django.http import HttpResponse, HttpResponseBadRequest


def news(request):
    try:
        after = int(request.GET["after"])
    except ValueError:
        return HttpResponseBadRequest("after must be a whole number")
    latest = store.ARTICLES[-1]["id"]
    if after > latest:
        after = 0
    articles = [article for article in store.ARTICLES if article["id"] > after]
    if not articles:
        return HttpResponse(status=204)
    return JsonResponse({"articles": articles, "latest": latest})
