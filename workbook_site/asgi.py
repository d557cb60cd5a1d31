"""The workbook's own site as an ASGI application: `uvicorn workbook_site.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workbook_site.settings")
application = get_asgi_application()
