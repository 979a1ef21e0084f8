"""Members of staff with just these permissions, and a browser each."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client


def staff_with(*permissions: str, is_staff: bool = True) -> Client:
    """Signs in somebody new who has these permissions and no others."""
    users = get_user_model().objects
    name = f"member{users.count()}"
    user = users.create_user(name, f"{name}@example.com", is_staff=is_staff)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client
