# expect: is not a whole number
from django.http import HttpResponse, HttpResponseBadRequest


def news(request):
    try:
        after = int(request.GET.get("after", "0"))
    except ValueError:
        after = 0
    latest = store.ARTICLES[-1]["id"]
    if after > latest:
        after = 0
    articles = [article for article in store.ARTICLES if article["id"] > after]
    if not articles:
        return HttpResponse(status=204)
    return JsonResponse({"articles": articles, "latest": latest})
