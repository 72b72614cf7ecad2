"""Every address; the only module here that imports apps."""

from django.conf import settings
from django.urls import include, path

from vuthu_recruit.health import healthz, readyz

handler400 = "vuthu_recruit.errors.bad_request"
handler403 = "vuthu_recruit.errors.forbidden"
handler404 = "vuthu_recruit.errors.not_found"
handler500 = "vuthu_recruit.errors.server_error"

urlpatterns = [
    path("", include("organizations.signin_urls")),
    path("", include("reports.home_urls")),
    path("", include("organizations.urls")),
    path("", include("targets.urls")),
    path("", include("candidates.urls")),
    path("", include("reports.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]

if settings.DEBUG:
    from vuthu_recruit.gallery import gallery

    urlpatterns.append(path("thanh-phan/", gallery, name="gallery"))
