"""The package's own addresses. Include them under ``escott/``, outside any language prefix::

    path("escott/", include("escott.django.urls"))

The return address goes to the gateway, which takes 64 characters at most: keep it short.
Deposit notices are taken by ``escott.django.notice_middleware``, before anything else of the
site; here stands their address, and what answers where the middleware is missing.
"""

from __future__ import annotations

from django.urls import path

from escott.django import notice_desk, trip_pages

app_name = "escott"

urlpatterns = [
    path("go/<str:reference>/", trip_pages.trip_start, name="trip-start"),
    path("back/", trip_pages.trip_return, name="trip-return"),
    path("copy/", trip_pages.trip_copy, name="trip-copy"),
    path("deposit/", notice_desk.notice_desk, name="deposit-notice"),
]
