# expect: 'article'
from django.http import Http404


def one_article(request, number):
    for article in store.ARTICLES:
        if article["id"] == number:
            return JsonResponse({"article": article})
    raise Http404
