"""Where a key goes is confirmed: what is there now is, what an editor changes waits for a superuser."""

from urllib.parse import urlsplit

import evaluations.models.providers
from django.db import migrations, models

SETTINGS = {"openrouter": "OPENROUTER_BASE_URL", "sandbox": "OPENROUTER_BASE_URL"}


def confirm(apps, _editor):
    for provider in apps.get_model("evaluations", "Provider").objects.all():
        host = urlsplit(provider.base_url).netloc.lower() or SETTINGS.get(provider.kind, "")
        provider.key_confirmed_for = f"{provider.api_key_variable} to {host}"
        provider.save(update_fields=["key_confirmed_for"])


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0010_other_names_of_models")]
    operations = [
        migrations.AddField(
            "provider",
            "key_confirmed_for",
            models.CharField(
                blank=True, editable=False, help_text="The key and the host that it may go to.", max_length=400
            ),
        ),
        migrations.AlterField(
            "provider",
            "api_key_variable",
            models.CharField(
                blank=True,
                help_text="Name of the environment variable that holds the key, such as MISTRAL_API_KEY; empty for a "
                "server without keys.",
                max_length=100,
                validators=[evaluations.models.providers.name_of_key],
            ),
        ),
        migrations.AlterField(
            "provider",
            "base_url",
            models.URLField(
                blank=True,
                help_text="Up to /v1. Empty for OpenRouter: OPENROUTER_BASE_URL rules.",
                validators=[evaluations.models.providers.usable_address],
            ),
        ),
        migrations.RunPython(confirm, migrations.RunPython.noop),
    ]
