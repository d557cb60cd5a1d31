def one_article(request, number):
    by_number = {article["id"]: article for article in store.ARTICLES}
    if number in by_number:
        return JsonResponse(by_number[number])
    return JsonResponse({"error": f"no article {number}"}, status=404)
