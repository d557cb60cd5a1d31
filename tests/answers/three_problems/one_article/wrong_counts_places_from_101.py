# expect: its place -1 is the last
from django.http import Http404


def one_article(request, number):
    try:
        return JsonResponse(store.ARTICLES[number - 101])
    except IndexError:
        raise Http404 from None
