"""Customers in the admin: one with a saved card can't be deleted, and the page says why."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin

from escott.django.admin import KeepsCustomersWithCards

admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class CustomerAdmin(KeepsCustomersWithCards, UserAdmin):  # type: ignore[type-arg]
    """Django's own, with the reason."""
