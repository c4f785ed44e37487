"""A locked payload may be emptied and never changed: refused by the database itself."""

from django.db import migrations

CREATE = {
    "sqlite": [
        """
        CREATE TRIGGER locked_payload_never_changes
        BEFORE UPDATE ON evaluations_lockedcontext
        WHEN NEW.sha256 IS NOT OLD.sha256 OR (NEW.payload IS NOT OLD.payload AND length(NEW.payload) > 0)
        BEGIN SELECT RAISE(ABORT, 'a locked payload can be emptied, never changed'); END
        """
    ],
    "postgresql": [
        """
        CREATE FUNCTION locked_payload_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.sha256 IS DISTINCT FROM OLD.sha256
             OR (NEW.payload IS DISTINCT FROM OLD.payload AND length(NEW.payload) > 0) THEN
            RAISE EXCEPTION 'a locked payload can be emptied, never changed' USING ERRCODE = 'check_violation';
          END IF;
          RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER locked_payload_never_changes BEFORE UPDATE ON evaluations_lockedcontext
        FOR EACH ROW EXECUTE FUNCTION locked_payload_never_changes()
        """,
    ],
}

DROP = {
    "sqlite": ["DROP TRIGGER locked_payload_never_changes"],
    "postgresql": [
        "DROP TRIGGER locked_payload_never_changes ON evaluations_lockedcontext",
        "DROP FUNCTION locked_payload_never_changes()",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
