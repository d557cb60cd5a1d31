# expect: other data
from django.http import Http404


def one_article(request, number):
    for article in store.ARTICLES:
        if article["id"] == number:
            return JsonResponse({"id": number, "title": article["title"]})
    raise Http404
