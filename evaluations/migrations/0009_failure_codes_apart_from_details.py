"""Reasons of queries and pages: the code in one column, the other side's words in another."""

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat, Left, StrIndex, Substr

SEPARATOR = ": "
TABLES = ("queryanswer", "page")


def split(apps, _editor):
    for table in TABLES:
        rows = apps.get_model("evaluations", table).objects.filter(failure__contains=SEPARATOR)
        end = StrIndex("failure", Value(SEPARATOR))
        rows.update(failure_detail=Substr("failure", end + len(SEPARATOR)), failure=Left("failure", end - 1))


def join(apps, _editor):
    for table in TABLES:
        rows = apps.get_model("evaluations", table).objects.exclude(failure_detail="")
        rows.update(failure=Left(Concat(F("failure"), Value(SEPARATOR), F("failure_detail")), 300))


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0008_bounds")]
    operations = [
        *(
            migrations.AddField(table, "failure_detail", models.CharField(blank=True, max_length=300))
            for table in TABLES
        ),
        migrations.RunPython(split, join),
        *(
            migrations.AlterField(
                table,
                "failure",
                models.CharField(blank=True, help_text="Reason code, such as rate_limited.", max_length=60),
            )
            for table in TABLES
        ),
    ]
