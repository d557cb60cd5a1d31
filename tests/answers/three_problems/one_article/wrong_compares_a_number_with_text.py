# expect: What does your view compare its id with?
from django.http import Http404


def one_article(request, number):
    for article in store.ARTICLES:
        if str(article["id"]) == number:
            return JsonResponse(article)
    raise Http404
