from django.http import HttpResponseNotFound


def one_article(request, number):
    article = next((a for a in store.ARTICLES if a["id"] == number), None)
    if article is None:
        return HttpResponseNotFound("No such article.")
    return JsonResponse(article)
