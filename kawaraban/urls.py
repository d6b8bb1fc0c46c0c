"""Every address of the site, room by room; Wagtail's pages take what is left."""

from __future__ import annotations

from django.urls import include, path, re_path, register_converter
from django.urls.converters import IntConverter
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.urls import serve_pattern
from wagtail.views import serve

from kawaraban.accounts.views import desk_login
from kawaraban.caching import cacheable
from kawaraban.newsroom.views.photos import media, original


class IdConverter(IntConverter):
    """A number that fits a database's integer: a longer one is no page, where `int` would make it an error."""

    regex = "[1-9][0-9]{0,8}"


register_converter(IdConverter, "id")

urlpatterns = [
    path("desk/login/", desk_login, name="desk_login"),
    path("_util/login/", desk_login),  # Wagtail's other sign-in, for private pages that we do not have
    path("desk/", include(wagtailadmin_urls)),
    path("", include("kawaraban.accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("", include("kawaraban.decisions.urls")),
    path("", include("kawaraban.moderation.urls")),
    path("", include("kawaraban.search.urls")),
    path("", include("kawaraban.newsroom.urls")),
    path("", include("kawaraban.discussion.urls")),
    path("", include("kawaraban.syndication.urls")),
    path("", include("kawaraban.screening.urls")),
    path("", include("kawaraban.wire.urls")),
    # What was uploaded, as it is kept; readers get the sizes that are made of it.
    re_path(r"^media/(?P<path>(?:original_images|wagtail_uploads)/.*)$", original),
    re_path(r"^media/(?P<path>.*)$", media),
    # Front page, sections and stories, alike for everybody; behind it Wagtail's other addresses.
    re_path(serve_pattern, cacheable("order", "page", "part")(serve), name="wagtail_serve"),
    path("", include(wagtail_urls)),
]

handler400 = "kawaraban.theme.views.bad_request"
handler404 = "kawaraban.theme.views.not_found"
handler429 = "kawaraban.accounts.views.too_many_tries"
handler500 = "kawaraban.theme.views.server_error"
