# expect: None
SOURCES = ["payments", "analytics", "subscribers"]


def summary(request):
    figures, missing = {}, []
    with httpx.Client(timeout=0.5) as client:
        for service in SOURCES:
            try:
                figures[service] = ask(client, service)
            except httpx.HTTPError:
                figures[service] = None
                missing.append(service)
    status = 503 if len(missing) == len(SOURCES) else 200
    return JsonResponse({"figures": figures, "missing": missing}, status=status)
