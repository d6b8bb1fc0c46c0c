"""Every setting of a site, read from the environment and from `site.env` in the site's folder.

Each variable is described in docs/reference/settings.md. A site whose address is not this machine's own is in
production, and is refused here when it would run with a debug flag, a weak secret or any host.
"""

from __future__ import annotations

from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from kawaraban import bus, fetch, postgres, sqlite
from kawaraban import home as site_home
from kawaraban.newsroom import bucket_address

env = Env()
HOME = site_home.home()
Env.read_env(HOME / site_home.ENV_FILE)  # the environment wins over the file


# --- Where the site is, and whether that is this machine only -------------------------------------------------------


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


SITE_URL: str = env.str("KAWARABAN_URL", "http://127.0.0.1:8000").rstrip("/")
_address = urlsplit(SITE_URL)
_host = _address.hostname or ""
HTTPS = _address.scheme == "https"
LOCAL = _is_loopback(_host)
DEBUG: bool = env.bool("KAWARABAN_DEBUG", False)
SECRET_KEY: str = env.str("KAWARABAN_SECRET_KEY", "")
ALLOWED_HOSTS: list[str] = [_host, *env.list("KAWARABAN_HOSTS", default=[])]
if LOCAL:
    ALLOWED_HOSTS += ["127.0.0.1", "[::1]", "localhost"]
PROXIES: int = env.int("KAWARABAN_PROXIES", 0)


def _key(name: str) -> str:
    """A secret by which other programs are known, or "": one that can be guessed is none."""
    key: str = env.str(name, "")
    if key and len(key) < 20:
        raise ImproperlyConfigured(f"{name} needs 20 characters or more.")
    return key


def _refuse_unsafe_start() -> None:
    """Stop a start that would be unsafe, naming the setting and never its value."""
    if not _host or _address.scheme not in ("http", "https"):
        raise ImproperlyConfigured("KAWARABAN_URL must be the site's whole address, such as https://courier.example.")
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            "KAWARABAN_SECRET_KEY is not set. Run `kawaraban init`, which writes one into the site's folder."
        )
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or SECRET_KEY.startswith("django-insecure"):
        raise ImproperlyConfigured(
            "KAWARABAN_SECRET_KEY is too weak. Remove it and run `kawaraban init`, which writes a random one."
        )
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("KAWARABAN_HOSTS may not hold `*`: name each host that this site answers to.")
    if LOCAL:
        return
    if DEBUG:
        raise ImproperlyConfigured(
            "KAWARABAN_DEBUG shows settings and code to every visitor; unset it for a public site."
        )
    if not HTTPS:
        raise ImproperlyConfigured("KAWARABAN_URL must start with https:// for a site that others can reach.")


_refuse_unsafe_start()

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "kawaraban.caching",
    "kawaraban.theme",
    "kawaraban.live",
    "kawaraban.accounts",
    "kawaraban.screening",
    "kawaraban.decisions",
    "kawaraban.discussion",
    "kawaraban.newsroom",
    "kawaraban.moderation",
    "kawaraban.search",
    "kawaraban.wire",
    "kawaraban.syndication",
    "kawaraban.importers",
    "kawaraban.metrics",
    "kawaraban.jobs",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.sites",
    "kawaraban.accounts.apps.DeskUsersConfig",
    "wagtail.snippets",
    "wagtail.embeds",
    "wagtail.documents",  # the desk asks for it; nothing serves documents, and the menu does not offer them
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "csp",
    "template_partials",
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Before everything that could redirect, refuse or ask the database: whoever watches over the site must be answered.
    "kawaraban.probes.answer_probes",
    "kawaraban.metrics.requests.measure_requests",
    "kawaraban.middleware.number_requests",
    "kawaraban.middleware.send_files_whole",
    "kawaraban.middleware.mirror_session",
    # Headers first: whoever below answers early, its answer carries them too.
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kawaraban.middleware.refuse_broken_text",
    "kawaraban.middleware.turn_away",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kawaraban.replicas.read_from_replicas",
    "kawaraban.middleware.AnswerWhenDatabaseIsAway",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "kawaraban.middleware.trace_networks",
    "kawaraban.middleware.show_own_changes",
    "kawaraban.middleware.keep_personal_pages_private",
    "kawaraban.middleware.desk_policy",
]

ROOT_URLCONF = "kawaraban.urls"
ASGI_APPLICATION = "kawaraban.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("kawaraban.theme.loading.Loader", ["django.template.loaders.app_directories.Loader"])],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kawaraban.newsroom.reads.masthead",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------------------------

SQLITE_VERSION = sqlite.use_sound_library()
DATABASE: dict[str, Any] = env.db("DATABASE_URL", f"sqlite:///{HOME / 'site.sqlite3'}")
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # A thread keeps its connection, which took as long to open as a page to make.
    DATABASE |= {"ENGINE": "kawaraban.queued_sqlite", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    DATABASE["TEST"] = {"NAME": ":memory:"}  # pytest-django knows Django's own engines only
    DATABASE["OPTIONS"] = sqlite.safe_options(SQLITE_VERSION)
elif DATABASE["ENGINE"] == postgres.ENGINE:
    DATABASE["OPTIONS"] = postgres.safe_options(DATABASE.get("OPTIONS", {}))
    # After a failover the former primary may answer first, as a standby.
    DATABASE["OPTIONS"]["target_session_attrs"] = "read-write"
else:
    raise ImproperlyConfigured("DATABASE_URL must start with sqlite:// or postgres://.")
DATABASES = {"default": DATABASE}

# Copies that answer plain readers, as far as they are up to date; nothing is decided by what stands there.
DATABASE_REPLICAS: list[str] = []
for _url in env.list("DATABASE_REPLICA_URLS", default=[]):
    try:
        _replica = env.db_url_config(_url)
    except (ImproperlyConfigured, ValueError):
        _replica = {}
    if not DATABASE["ENGINE"] == _replica.get("ENGINE") == postgres.ENGINE:
        raise ImproperlyConfigured(
            "DATABASE_REPLICA_URLS must be PostgreSQL servers beside a DATABASE_URL that is one too, such as "
            "postgres://user:password@10.0.0.2/courier,postgres://user:password@10.0.0.3/courier."
        )
    DATABASE_REPLICAS.append(f"replica-{len(DATABASE_REPLICAS) + 1}")
    _options = postgres.safe_options(_replica.get("OPTIONS", {}), "default_transaction_read_only=on")
    DATABASES[DATABASE_REPLICAS[-1]] = {**_replica, "OPTIONS": _options}
DATABASE_ROUTERS = ["kawaraban.replicas.Router"] if DATABASE_REPLICAS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in limits must hold across processes and restarts; a cache in one process's memory would be no limit at all.
# Where each size of a picture lies may be remembered by each process: a file once made does not change.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Many more than an attacker can fill within the longest limit: a limit that is thrown out limits nothing.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}

# Work for later is a row of the same database, written with whatever makes it necessary.
TASKS = {"default": {"BACKEND": "kawaraban.jobs.backend.DatabaseBackend"}}

# What happens in one process is told to the others through it; needed from the second process on.
bus.use(env.str("VALKEY_URL", ""), SITE_URL)

# Finished pages that each process keeps in memory, and eight times as much on disk; 0 keeps none.
PAGES_ROOM: int = env.int("KAWARABAN_PAGES_MB", 64) * 1024 * 1024

# Requests that a process works on at once, beside what is remembered.
PLACES: int = env.int("KAWARABAN_PLACES", 16)

# Open pages that hear what happens; beyond these they ask now and then instead.
LIVE_STREAMS: int = env.int("KAWARABAN_LIVE_STREAMS", 2_000)
LIVE_STREAMS_PER_ADDRESS: int = env.int("KAWARABAN_LIVE_STREAMS_PER_ADDRESS", 50)

# What may be asked of other servers beside the public internet.
try:
    FETCH = fetch.Allow(
        ports=frozenset(env.list("KAWARABAN_FETCH_PORTS", int, default=[80, 443])),
        private=frozenset(name.lower() for name in env.list("KAWARABAN_FETCH_PRIVATE", default=[])),
    )
except ValueError:
    raise ImproperlyConfigured(
        "KAWARABAN_FETCH_PORTS must be port numbers, and KAWARABAN_FETCH_PRIVATE names, addresses and networks, "
        "such as wire.lan,10.1.0.0/16, with commas between them."
    ) from None
fetch.use(FETCH, SITE_URL)

# A program elsewhere that is asked about each comment, and the key by which others may ask ours.
SCORER_URL: str = env.str("KAWARABAN_SCORER_URL", "")
SCORER_TIMEOUT: float = env.int("KAWARABAN_SCORER_TIMEOUT_MS", 1_500) / 1000
ANALYZE_KEY = _key("KAWARABAN_ANALYZE_KEY")
if SCORER_URL and urlsplit(SCORER_URL).scheme not in ("http", "https"):
    raise ImproperlyConfigured("KAWARABAN_SCORER_URL must be a whole address, such as https://scorer.example/analyze.")

# Who takes our stories as wire needs it; without one the wire is for everyone, as the stories are.
WIRE_KEY = _key("KAWARABAN_WIRE_KEY")

# Who may see the figures of a process at /metrics, beside programs on its own machine.
METRICS_KEY = _key("KAWARABAN_METRICS_KEY")


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of what it lies in
        return False


# Where traces of requests and statements are sent, in the field's own setting; the exporter reads the others itself.
OTLP_ENDPOINT: str = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", "")
if OTLP_ENDPOINT:
    if not _is_installed("opentelemetry.exporter.otlp.proto.http"):
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and what sends traces is not installed. "
            "Install kawaraban[otel], or unset it."
        )
    MIDDLEWARE.insert(
        MIDDLEWARE.index("kawaraban.middleware.number_requests") + 1, "kawaraban.metrics.tracing.trace_requests"
    )

MEDIA_ROOT = HOME / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = HOME / "static"
STATIC_URL = "/static/"
STORAGES = {
    "default": bucket_address.storage(env.str("KAWARABAN_MEDIA_URL", "")),
    "staticfiles": {"BACKEND": "kawaraban.theme.static_files.StaticFiles"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60 * 60

# --- Language and time ----------------------------------------------------------------------------------------------

# The site's language is that of its readers, alike for all of them; who works at the desk has it in their own.
LANGUAGES = [("en", "English"), ("ja", "日本語")]
LANGUAGE_CODE: str = env.str("KAWARABAN_LANGUAGE", "en")
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured("KAWARABAN_LANGUAGE must be one of these: en, ja.")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
TIME_ZONE: str = env.str("KAWARABAN_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

# --- Accounts -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("handle", "email", "first_name", "last_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kawaraban.accounts.adapter.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _address.scheme
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_FORMS = {
    "add_email": "kawaraban.accounts.forms.AddEmailForm",
    "login": "kawaraban.accounts.forms.LoginForm",
    "signup": "kawaraban.accounts.forms.SignupForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
# Beside allauth's own: notices that anybody may send without an account.
ACCOUNT_RATE_LIMITS = {"notice": "10/h/ip"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
USERSESSIONS_TRACK_ACTIVITY = False

_mail: dict[str, Any] = env.email_url("KAWARABAN_EMAIL_URL", "consolemail://" if LOCAL else "smtp://localhost:25")
vars().update({key: value for key, value in _mail.items() if key.startswith("EMAIL_")})
EMAIL_TIMEOUT = 15  # seconds for each step; without it a mail server that is silent holds up a worker for ever
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("KAWARABAN_EMAIL_FROM", f"newsroom@{_host}")

# --- Trust ----------------------------------------------------------------------------------------------------------

# What a member may do follows from their record: the lowest row all of whose conditions they meet; staff stand in the
# last. Each row asks and allows at least as much as the one above. Explained in docs/reference/trust.md.
TRUST: tuple[tuple[str, int, int, int, int, int, int, int, int, int], ...] = (
    #                who has been here          may                                 has                        reports
    #                days  with so  none re-    write so    put so     cast so      votes that  so many of     weigh
    #                      many     moved for   many com-   many       many votes   count from  them alike a   so much
    #                      comments so many     ments in 5  links in   in an hour   this day    day on one
    #                      shown    days        minutes     each                    on          author
    ("new",             0,     0,       0,          5,         5,          60,          3,         10,           0),
    ("regular",         7,     5,       7,         10,        10,         120,          0,         20,           1),
    ("long-standing", 180,   100,      90,         15,        10,         240,          0,         40,           2),
)  # fmt: skip

# Minutes until a vote counts for others: who sets out to sink a comment does not see at once what it does (S-049).
VOTE_DELAY: int = env.int("KAWARABAN_VOTE_DELAY", 10)

# --- Safety ---------------------------------------------------------------------------------------------------------

# A cookie named __Host- can be set by this host alone, over https alone; on plain http browsers refuse the name.
_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_prefix}session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
CSRF_COOKIE_NAME = f"{_prefix}csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kawaraban.discussion.views.writing.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# To be on the browsers' preload list binds a whole domain for years: its owner asks for that, not its newspaper.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long story in Wagtail's editor has thousands
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics", "interest-cohort")
}

# Pages of the site. A video plays only after a click, from the two players named here.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
# The desk is Wagtail's admin, which styles elements inline and frames its own previews.
DESK_SECURITY_POLICY: dict[str, list[str]] = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
}

# --- Newsroom -------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Kawaraban"
# Wagtail saves half a second after each change: on a small machine it is still saving when somebody presses Publish,
# who is then told that the story was changed in another window.
WAGTAIL_AUTOSAVE_INTERVAL = env.int("KAWARABAN_AUTOSAVE_MS", 3_000)
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "desk_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILIMAGES_IMAGE_MODEL = "newsroom.Photo"
WAGTAILIMAGES_IMAGE_FORM_BASE = "kawaraban.newsroom.photo_forms.PhotoForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_AVIF_QUALITY = 61
WAGTAILIMAGES_WEBP_QUALITY = 82
WAGTAILIMAGES_JPEG_QUALITY = 80
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True

# --- What happens is written down -----------------------------------------------------------------------------------

LOG: str = env.str("KAWARABAN_LOG", "text")
if LOG not in ("text", "json"):
    raise ImproperlyConfigured("KAWARABAN_LOG must be one of these: text, json.")
LOG_LINE = {"()": "kawaraban.logs.Json" if LOG == "json" else "kawaraban.logs.Text"}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": LOG_LINE},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Scanners ask for other names all day; they get 400, and one line each would bury what matters.
    "loggers": {"django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False}},
}
if HOME.is_dir():
    (HOME / "log").mkdir(exist_ok=True)
    LOGGING["handlers"]["file"] = {
        "class": "logging.handlers.WatchedFileHandler",
        "filename": str(HOME / "log" / "kawaraban.log"),
        "formatter": "line",
        "delay": True,
    }
    LOGGING["root"] = {"handlers": ["console", "file"], "level": "WARNING"}
