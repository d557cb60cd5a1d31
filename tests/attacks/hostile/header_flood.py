# Answers with headers without end.
from django.http import HttpResponse
def double(request):
    answer = HttpResponse("{}")
    for number in range(20_000): answer[f"X-{number}"] = "x" * 100
    return answer
