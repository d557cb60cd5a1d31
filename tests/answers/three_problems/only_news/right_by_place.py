from django.http import HttpResponse, HttpResponseBadRequest


def news(request):
    if "after" not in request.GET:
        articles = store.ARTICLES
    else:
        try:
            after = int(request.GET["after"])
        except ValueError as error:
            return JsonResponse({"error": str(error)}, status=400)
        ids = [article["id"] for article in store.ARTICLES]
        articles = store.ARTICLES[ids.index(after) + 1 :] if after in ids else store.ARTICLES
    if articles:
        return JsonResponse({"articles": articles, "latest": articles[-1]["id"]})
    return HttpResponse(status=204)
