# Answers with a number of a million digits.
from django.http import HttpResponse
def double(request):
    return HttpResponse('{"double": ' + "9" * 1_000_000 + "}", content_type="application/json")
