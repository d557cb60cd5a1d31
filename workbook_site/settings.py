"""The workbook's own Django site: small, async, and apart from the learner's project."""

import os
import secrets

# A key of its own for each start keeps secrets out of the repository. Set one where several
# processes have to read each other's signatures.
SECRET_KEY = os.environ.get("WORKBOOK_SECRET_KEY") or secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = ["workbook_site"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "workbook_site.urls"
ASGI_APPLICATION = "workbook_site.asgi.application"
TEMPLATES: list[dict[str, object]] = []
DATABASES: dict[str, dict[str, object]] = {}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
