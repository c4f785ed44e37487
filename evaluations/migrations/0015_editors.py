"""The group of those who make the show: roster, prompts, runs and decisions; no votes, no users, no keys."""

from django.db import migrations

GROUP = "Editors"
MAY = {
    "evaluation": ("view", "add", "change"),
    "searchquery": ("view", "add", "change", "delete"),
    "prompt": ("view", "add", "change"),
    "modelconfig": ("view", "add", "change", "delete"),
    "provider": ("view",),
    "run": ("view", "change"),
    "report": ("view", "change"),
    "job": ("view", "add"),
    **dict.fromkeys(("runentry", "attempt", "budget", "lockedcontext", "slot"), ("view",)),
}


def make_group(apps, schema_editor):
    # Permissions are made after all migrations; those that are there by then are left as they are.
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    named = [("evaluations", model, verb) for model, verbs in MAY.items() for verb in verbs]
    for app, model, verb in [*named, ("admin", "logentry", "view")]:
        kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename=f"{verb}_{model}", defaults={"name": f"Can {verb} {words_for(apps, app, model)}"}
        )
        group.permissions.add(permission)


def words_for(apps, app, model):
    return apps.get_model(app, model)._meta.verbose_name


def delete_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=GROUP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0014_kinds_of_jobs"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_group, delete_group)]
