"""The addresses of the shop."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from django.views.static import serve

from shop.home import HomeView

urlpatterns = [
    path("", HomeView.as_view(), name="shop-home"),
    path("law/", TemplateView.as_view(template_name="shop/law.html"), name="law"),
    path("privacy/", TemplateView.as_view(template_name="shop/privacy.html"), name="privacy"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("escott/", include("escott.django.urls")),
    path("admin/", admin.site.urls),
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    path("", include(apps.get_app_config("oscar").urls[0])),
]

handler404 = "oscar.views.handler404"
handler403 = "oscar.views.handler403"
handler500 = "oscar.views.handler500"
