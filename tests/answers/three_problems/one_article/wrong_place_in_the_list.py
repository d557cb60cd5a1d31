# expect: IndexError
def one_article(request, number):
    return JsonResponse(store.ARTICLES[number])
