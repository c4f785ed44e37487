"""Evaluations that a file makes: their runs find them again, and those of the admin are never overwritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0018_listed_replays_and_notes")]
    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="configured_by",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="The file that makes it anew with every run; else empty.",
                max_length=500,
            ),
        ),
    ]
