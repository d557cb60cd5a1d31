# expect: didn't return an HttpResponse
def one_article(request, number):
    for article in store.ARTICLES:
        if article["id"] == number:
            return JsonResponse(article)
