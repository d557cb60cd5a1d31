"""The workbook's own Django site: small, async, and apart from the learner's project.

Everything that differs between one's own machine and a server is told by `deployment.py`.
"""

from workbook_site import deployment

SECRET_KEY = deployment.secret_key()
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "workbook_site",
    "workbook_site.grading",
    "workbook_site.grading.page",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "workbook_site.grading.page.headers.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workbook_site.grading.page.access.InstructorsOnly",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "workbook_site.grading.page.problems.Told",
]
ROOT_URLCONF = "workbook_site.urls"
ASGI_APPLICATION = "workbook_site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
    }
]
DATABASES = {"default": deployment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = deployment.channel_layers()

# --- Instructors ---
AUTH_USER_MODEL = "page.Instructor"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "class"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- One's own machine, or a server behind TLS ---
SERVED = deployment.hosts()
ALLOWED_HOSTS = SERVED or deployment.LOCAL
SECURE_SSL_REDIRECT = bool(SERVED)
# A proxy or a container's health check asks without TLS, and this page says nothing secret.
SECURE_REDIRECT_EXEMPT = ["^health/$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(SERVED)
# Cookies know no ports: on one's own machine the names keep them apart from those of other sites,
# and over TLS the prefix keeps anybody but this host from setting them.
_PREFIX = "__Host-" if SERVED else ""
SESSION_COOKIE_NAME = f"{_PREFIX}workbook_session"
CSRF_COOKIE_NAME = f"{_PREFIX}workbook_csrf"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SERVED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SERVED)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Files of a whole class come in one request; what is in them is limited by intake.
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

# What goes wrong is told where the server is seen to: the terminal, or the journal.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # Strangers' odd requests are not our errors.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
