# expect: 404
from django.http import Http404


def one_article(request, number):
    try:
        return JsonResponse(store.ARTICLES[number - 101])
    except IndexError:
        raise Http404 from None
