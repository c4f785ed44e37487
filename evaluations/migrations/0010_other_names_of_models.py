from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0009_failure_codes_apart_from_details")]
    operations = [
        migrations.AddField(
            "runentry",
            "other_names",
            models.JSONField(default=list, help_text="What its provider also calls the model."),
        )
    ]
