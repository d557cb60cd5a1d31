# expect: StopIteration
def one_article(request, number):
    return JsonResponse(next(a for a in store.ARTICLES if a["id"] == number))
