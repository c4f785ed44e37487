"""The second step of a run: the material is frozen and stored, before any model is called."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from evaluations import contexts
from evaluations.errors import RunFailedError
from evaluations.models import LockedContext, Run, Source
from evaluations.sources import pages

from .fetch import outcome_of, wanted_pages
from .lease import Hold
from .worker import StepNews, Worker, quantity

SOURCE_FIELDS = ("rank", "kind", "title", "url", "publisher", "published", "queries")


def lock(hold: Hold, worker: Worker, moment: datetime | None = None) -> None:
    """Freeze the material and store it, before any model is called. Raises RunFailedError where there is none.

    `moment`: when the material says that it was locked; now, unless a demonstration is told as if it were old.
    """
    run = hold.run
    options: dict[str, Any] = run.search_options
    full_text = {name: str(options[name]) for name in ("full_text", "full_text_pages") if wanted_pages(run)}
    locked = contexts.lock(
        (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        options["source"],
        options["parameters"] | full_text,
        [outcome_of(answer) for answer in run.answers.all()],
        {page.url: pages.Page(page.text, page.why) for page in run.pages.all()},
        contexts.SizeLimit(options["context_tokens"], options["bytes_per_token"]),
    )
    if not locked.document["sources"]:
        raise RunFailedError(
            "Nothing that the search found can be locked: no result has an address, or none fits into the size that "
            "the evaluation allows. No model was asked and nothing was spent."
        )
    hold.write(lambda: store_lock(run, locked))
    run.refresh_from_db(fields=["context", "locked_at", "state"])
    sources = quantity(len(locked.document["sources"]), "source")
    worker.watch(StepNews("lock", f"{sources}, {len(locked.payload):,} bytes, SHA-256 {locked.sha256[:12]}"))


def store_lock(run: Run, locked: contexts.Locked) -> None:
    """Write the material and that the run is locked, unless a commit of unknown end has done so."""
    if Run.objects.filter(pk=run.pk, context__isnull=False).exists():
        return
    context = LockedContext.objects.create(sha256=locked.sha256, payload=locked.payload)
    Source.objects.bulk_create(
        Source(
            context=context,
            **{name: row[name] for name in SOURCE_FIELDS},
            has_text=bool(row["text"]),
            text_failure=row.get("text_failure", ""),
        )
        for row in locked.document["sources"]
    )
    Run.objects.filter(pk=run.pk).update(context=context, locked_at=timezone.now(), state=Run.State.LOCKED)
