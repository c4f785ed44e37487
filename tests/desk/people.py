"""Members of the newsroom."""

from importlib import import_module

from django.apps import apps
from django.contrib.auth.models import Group, User


def make_editor(name: str = "ed") -> User:
    """Somebody in the group that a migration makes; tests that empty the database make it again, by that migration."""
    if not Group.objects.filter(name="Editors").exists():
        import_module("evaluations.migrations.0015_editors").make_group(apps, None)
    user = User.objects.create_user(name, f"{name}@futbol.example", "test-horse and battery", is_staff=True)
    user.groups.add(Group.objects.get(name="Editors"))
    return user
