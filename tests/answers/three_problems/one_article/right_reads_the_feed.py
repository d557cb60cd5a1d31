import json

from django.http import Http404


def one_article(request, number):
    found = [a for a in json.loads(feed(request).content)["articles"] if a["id"] == number]
    try:
        return JsonResponse(found[0])
    except IndexError:
        raise Http404 from None
