"""What one query brings back now: asked once, in the request of an editor who wants to see it, and not kept."""

import asyncio
from contextlib import aclosing

from asgiref.sync import async_to_sync

from evaluations.models import Evaluation
from evaluations.pipeline import materials
from evaluations.pipeline.start import require_keys
from evaluations.sources.registry import SEARCHES
from evaluations.sources.search import Hits
from evaluations.wire.failures import Code, Failure

SECONDS = 10.0


def results_of(evaluation: Evaluation, text: str) -> Hits | Failure:
    """The results as the evaluation's own source gives them, or why there are none within ten seconds.

    Raises NotConfiguredError and BadInputError where the source cannot be asked.
    """
    options = materials.search_options(evaluation)
    require_keys([], options)

    async def ask() -> Hits | Failure:
        source = await SEARCHES[options["source"]].open(options, materials.deployment())
        async with aclosing(source):
            try:
                async with asyncio.timeout(SECONDS):
                    return await source.ask(text)
            except TimeoutError:
                return Failure(Code.NO_TIME, f"no answer within {SECONDS:.0f} seconds")

    return async_to_sync(ask)()
