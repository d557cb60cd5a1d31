# Answers with JSON that is nested too deep to be read, and numbers too long to be counted.
from django.http import HttpResponse
def double(request):
    return HttpResponse("[" * 200_000, content_type="application/json")
