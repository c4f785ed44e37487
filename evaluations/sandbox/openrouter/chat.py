"""Answers chat requests: which model, which text, how long it takes, what it costs."""

import secrets
import time
from collections import OrderedDict
from dataclasses import replace
from decimal import Decimal

from evaluations.sandbox.recordings import Recordings
from evaluations.sandbox.writing.dice import Dice, seed_of
from evaluations.sandbox.writing.reading import LOSSLESS

from . import answers as wire
from . import refusals
from .answers import Answer, Generation
from .request import ChatRequest, RequestReader, cut, tokens_in
from .roster import MODELS, Model, Roster, recorded_models

REMEMBERED_GENERATIONS = 10_000
FAILS_ONCE_IN = 4
UNLUCKY = 3  # any number below that would do; with this one the seeded evaluation's first run is complete


class ChatService:
    """The models of the sandbox behind OpenRouter's wire."""

    def __init__(self, answer_seconds: float | None, roster: int, recordings: Recordings | None) -> None:
        self._answer_seconds = answer_seconds
        self._recordings = recordings
        self.roster = Roster(recorded_models(recordings.answers), None) if recordings else Roster(MODELS, roster)
        self._reader = RequestReader()
        self._generations: OrderedDict[str, Generation] = OrderedDict()
        self.spent = Decimal(0)

    def answer(self, body: bytes, headers: dict[str, str]) -> Answer:
        """The answer to a chat request with this body."""
        try:
            request = self._reader.read(body)
        except (ValueError, RecursionError) as error:
            return refusals.refusal(400, str(error), error_type="invalid_request")
        model = self.roster.find(request.model) if isinstance(request.model, str) else None
        if model is None:
            return refusals.refusal(400, f"{request.model} is not a valid model ID")
        refused = refusals.request_refusal(request, model)
        if refused:
            return refused
        return self._answer_of_model(request, model, wire.wants_metadata(headers))

    def generation(self, generation_id: str) -> Answer:
        """What is known about one earlier answer."""
        found = self._generations.get(generation_id)
        if found is None:
            return refusals.refusal(404, f"Generation {generation_id} not found")
        return Answer(200, found.lookup_json())

    def _answer_of_model(self, request: ChatRequest, model: Model, metadata: bool) -> Answer:
        text = self._report(request, model)
        if text is None:
            return refusals.refusal(404, f"No endpoints found for {request.model}.")
        seconds = self._seconds(request, model)
        dice = Dice(seed_of(request.messages.seed, request.model.encode()))
        if model.fails and dice.below(FAILS_ONCE_IN) == UNLUCKY:
            failure = dice.pick(refusals.provider_failures(request.model))
            if failure:
                return replace(failure, seconds=seconds)
            text = ""
        return self._book(request, model, text, seconds, metadata)

    def _seconds(self, request: ChatRequest, model: Model) -> float:
        if self._answer_seconds is not None:
            return self._answer_seconds
        dice = Dice(seed_of(b"pace", request.messages.seed, request.model.encode()))
        return model.pace[0] + model.pace[1] * dice.below(1000) / 1000

    def _report(self, request: ChatRequest, model: Model) -> str | None:
        reports, draw = request.messages.reports, self._draw(request)
        key = (model.id, request.temperature, draw)
        if key not in reports:
            reports[key] = self._write(request, model, draw)
        return reports[key]

    def _draw(self, request: ChatRequest) -> int:
        """Which of several answers to the same messages this is: at temperature 0 there is only one."""
        if request.temperature == 0:
            return 0
        request.messages.draws[request.model] += 1
        return request.messages.draws[request.model]

    def _write(self, request: ChatRequest, model: Model, draw: int) -> str | None:
        messages = request.messages
        if self._recordings:
            return self._recordings.answer(model.id, messages.assignment.queries, messages.material)
        if model.writer is None:
            return None
        luck = [str(draw).encode(), messages.assignment.locked_at.encode(*LOSSLESS)] if draw else []
        dice = Dice(seed_of(messages.seed, model.id.encode(), *luck), request.temperature)
        return model.writer(messages.assignment, dice)

    def _book(self, request: ChatRequest, model: Model, text: str, seconds: float, metadata: bool) -> Answer:
        content, was_cut = cut(text, request.max_tokens)
        created = int(time.time())
        generation = Generation(
            id=f"gen-{created}-{secrets.token_hex(10)}",
            model_id=request.model,
            model=model,
            created=created,
            seconds=seconds,
            prompt_tokens=request.messages.tokens,
            completion_tokens=tokens_in(content),
            finish_reason="length" if was_cut else "stop",
        )
        self._remember(generation)
        body = generation.chat_json(content)
        if metadata:
            body["openrouter_metadata"] = generation.metadata_json()
        return Answer(200, body, seconds, (("X-Generation-Id", generation.id),))

    def _remember(self, generation: Generation) -> None:
        self.spent += generation.cost
        self._generations[generation.id] = generation
        if len(self._generations) > REMEMBERED_GENERATIONS:
            self._generations.popitem(last=False)
