# expect: No article has this number
def one_article(request, number):
    for article in store.ARTICLES:
        if article["id"] == number:
            return JsonResponse(article)
    return JsonResponse({"error": "not found"})
