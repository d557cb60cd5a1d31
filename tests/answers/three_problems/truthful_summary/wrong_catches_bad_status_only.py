# expect: RemoteProtocolError
SERVICES = ["payments", "analytics", "subscribers"]


def summary(request):
    figures, missing = {}, []
    with httpx.Client(timeout=0.5) as client:
        for service in SERVICES:
            try:
                figures[service] = ask(client, service)
            except httpx.HTTPStatusError:
                missing.append(service)
    return JsonResponse({"figures": figures, "missing": missing}, status=200 if figures else 503)
