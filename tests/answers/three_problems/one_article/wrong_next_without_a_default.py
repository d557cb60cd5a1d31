# expect: A number that no article has is not found
def one_article(request, number):
    return JsonResponse(next(a for a in store.ARTICLES if a["id"] == number))
