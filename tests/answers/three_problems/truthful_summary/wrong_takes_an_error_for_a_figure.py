# expect: 'error'
SOURCES = ["payments", "analytics", "subscribers"]


def summary(request):
    figures, missing = {}, []
    with httpx.Client(timeout=0.5) as client:
        for service in SOURCES:
            try:
                figures[service] = client.get(f"{settings.UPSTREAM_URL}/{service}/").json()
            except httpx.HTTPError:
                missing.append(service)
    return JsonResponse({"figures": figures, "missing": missing}, status=200 if figures else 503)
