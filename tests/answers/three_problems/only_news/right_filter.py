from django.http import HttpResponse, HttpResponseBadRequest


def is_newer_than(number):
    return lambda article: article["id"] > number


def news(request):
    latest = store.ARTICLES[-1]["id"]
    try:
        after = int(request.GET.get("after", "-1"))
    except ValueError:
        return HttpResponse(status=400)
    articles = list(filter(is_newer_than(after if after <= latest else -1), store.ARTICLES))
    if len(articles) == 0:
        return HttpResponse(status=204)
    return JsonResponse(dict(articles=articles, latest=latest))
