"""One run a slot, however often and in whatever order the ticks arrive."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from evaluations.errors import FutbolReportError, HeldElsewhereError, TickFailedError
from evaluations.models import Evaluation, Job, Run, Slot
from evaluations.pipeline.schedule import due_slot, latest_slot, slots_between
from evaluations.pipeline.start import Order, start
from evaluations.scheduled import run_due

START = datetime(2026, 3, 28, 6, tzinfo=UTC)


@given(st.integers(1, 200), st.integers(0, 10**6))
def test_the_latest_slot_is_the_last_one_that_is_due(every_hours: int, minutes: int) -> None:
    now = START + timedelta(minutes=minutes)
    slot = latest_slot(START, every_hours, now)
    assert slot is not None
    assert slot <= now < slot + timedelta(hours=every_hours)
    assert (slot - START) % timedelta(hours=every_hours) == timedelta(0)


def test_before_the_first_slot_nothing_is_due() -> None:
    assert latest_slot(START, 72, START - timedelta(seconds=1)) is None


def test_slots_are_utc_and_know_no_summer_time() -> None:
    """Europe's clocks change on 29 March 2026: every day still has its slot at the same UTC hour."""
    slots = slots_between(START, 24, START, START + timedelta(days=4))
    assert [(slot.day, slot.hour) for slot in slots] == [(29, 6), (30, 6), (31, 6)]


@pytest.fixture
def scheduled() -> Evaluation:
    """The sandbox on a schedule whose last slot was due an hour ago."""
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug="brief").delete()
    evaluation.scheduled, evaluation.every_hours = True, 72
    evaluation.schedule_start = timezone.now().replace(microsecond=0) - timedelta(hours=1)
    evaluation.save()
    return evaluation


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.usefixtures("quick_sandbox")
class TestTick:
    def test_the_same_event_again_makes_no_second_run(self, scheduled: Evaluation) -> None:
        first = run_due({"id": "event"}, None)
        second = run_due({"id": "event"}, None)
        run = Run.objects.get()
        assert (first["started"], second["started"]) == ([run.pk], [])
        assert (run.state, run.kind, run.slot.due_at) == ("published", "scheduled", scheduled.schedule_start)

    def test_a_schedule_that_is_off_starts_nothing(self, scheduled: Evaluation) -> None:
        Evaluation.objects.update(scheduled=False)
        run_due({}, None)
        assert not Run.objects.exists()

    def test_the_database_refuses_a_second_run_for_a_slot(self, scheduled: Evaluation) -> None:
        slot = due_slot(scheduled)
        run_due({}, None)
        with pytest.raises(HeldElsewhereError, match="has its run"):
            start(scheduled, Order(Run.Kind.SCHEDULED, slot))
        assert Run.objects.count() == 1

    def test_after_an_outage_only_the_latest_slot_runs_and_older_ones_are_recorded_as_skipped(
        self, scheduled: Evaluation
    ) -> None:
        run_due({}, None)
        began = scheduled.schedule_start - timedelta(hours=72 * 3)
        Evaluation.objects.update(schedule_start=began)
        Slot.objects.update(due_at=began)
        run_due({}, None)
        slots = Slot.objects.order_by("due_at")
        assert [bool(slot.skipped_because) for slot in slots] == [False, True, True, False]
        assert Run.objects.count() == 2

    def test_a_run_that_its_worker_left_is_continued_by_the_next_tick(self, scheduled: Evaluation) -> None:
        hold = start(scheduled, Order(Run.Kind.SCHEDULED, due_slot(scheduled)))
        hold.release()
        done = run_due({}, None)
        assert (done["continued"], done["started"]) == ([hold.run.pk], [])
        assert Run.objects.get().state == "published"

    def test_a_live_run_is_left_alone(self, scheduled: Evaluation) -> None:
        start(scheduled, Order(Run.Kind.SCHEDULED, due_slot(scheduled)))
        assert not any(run_due({}, None).values())

    def test_while_a_manual_run_is_live_the_slot_waits_for_the_next_tick(self, scheduled: Evaluation) -> None:
        manual = start(scheduled)
        assert run_due({}, None)["started"] == []
        Run.objects.filter(pk=manual.run.pk).update(state="cancelled", lease_expires_at=None)
        assert len(run_due({}, None)["started"]) == 1

    def test_one_evaluation_that_fails_does_not_keep_the_next_from_running(self, scheduled: Evaluation) -> None:
        Evaluation.objects.filter(slug="futbol-report").update(scheduled=True, schedule_start=scheduled.schedule_start)
        with pytest.raises(TickFailedError, match="BRAVE_API_KEY") as failed:
            run_due({}, None)
        assert len(failed.value.done["started"]) == 1
        assert "BRAVE_API_KEY" in failed.value.done["failures"][0]

    def test_a_job_runs_once_and_says_how_it_went(self, scheduled: Evaluation) -> None:
        Evaluation.objects.update(scheduled=False)
        job = Job.objects.create(kind="run", evaluation=scheduled)
        assert run_due({}, None)["jobs"] == [job.pk]
        assert run_due({}, None)["jobs"] == []
        job.refresh_from_db()
        assert (job.state, job.run) == ("done", Run.objects.get())

    def test_a_job_that_cannot_be_done_fails_with_its_reason(self, scheduled: Evaluation) -> None:
        Evaluation.objects.update(scheduled=False)
        job = Job.objects.create(kind="run", evaluation=scheduled, arguments={"models": ["nobody"]})
        with pytest.raises(TickFailedError, match="nobody"):
            run_due({}, None)
        job.refresh_from_db()
        assert job.state == "failed"
        assert "nobody" in job.outcome

    def test_closing_time_destroys_the_networks_salt(self, scheduled: Evaluation) -> None:
        run_due({}, None)
        assert Run.objects.get().network_salt is not None
        Run.objects.update(voting_closes_at=timezone.now() - timedelta(seconds=1))
        assert run_due({}, None)["closed"] == [Run.objects.get().pk]
        assert Run.objects.get().network_salt is None

    def test_a_type_error_leaves_the_door_as_an_error_of_ours(self, scheduled: Evaluation) -> None:
        """Zappa would call the task again with fewer arguments."""

        class OtherContext:
            def get_remaining_time_in_millis(self, unit: str) -> int:
                return 900_000

        with pytest.raises(FutbolReportError, match="TypeError"):
            run_due({}, OtherContext())
