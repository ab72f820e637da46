"""Django is set up once for a process. Tests that set it up one after the other have it forgotten in between."""

from django.conf import settings
from django.urls import clear_url_caches, set_urlconf
from django.utils.functional import empty

__all__ = ["forget_django"]


def forget_django() -> None:
    """Undo `settings.configure`, and what was cached of the routes."""
    settings._wrapped = empty  # noqa: SLF001 - Django has no other way
    clear_url_caches()
    set_urlconf(None)
