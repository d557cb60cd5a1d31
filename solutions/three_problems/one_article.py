from django.http import Http404


def one_article(request, number):
    ### BEGIN SOLUTION
    for article in store.ARTICLES:
        if article["id"] == number:
            return JsonResponse(article)
    raise Http404(f"There is no article {number}.")
    ### END SOLUTION
