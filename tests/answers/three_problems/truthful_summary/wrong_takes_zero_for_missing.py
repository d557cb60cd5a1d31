# expect: what it answered is another
SOURCES = ["payments", "analytics", "subscribers"]


def summary(request):
    figures, missing = {}, []
    with httpx.Client(timeout=0.5) as client:
        for service in SOURCES:
            try:
                reply = ask(client, service)
            except httpx.HTTPError:
                reply = None
            if reply:
                figures[service] = reply
            else:
                missing.append(service)
    return JsonResponse({"figures": figures, "missing": missing}, status=200 if figures else 503)
