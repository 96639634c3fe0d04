"""The application: what is answered at which path."""

import asyncio

from fastapi import FastAPI, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from samo.dl.emotion import EmotionModel
from samo.dl.limits import LimitedBody
from samo.dl.manager import ModelManager
from samo.dl.measured import Measured
from samo.dl.metrics import CONTENT_TYPE, RequestCounts, load_lines
from samo.dl.places import DEFAULT_MODEL
from samo.dl.problems import PROBLEM, answer_with_problems
from samo.dl.schema import AnalyzeRequest, AnalyzeResponse, EmotionScore, Health, ModelName


def create_app(models: ModelManager[EmotionModel]) -> ASGIApp:
    """Return the service over the models of `models`."""
    counts = RequestCounts()
    # The pages at /docs would load their scripts from elsewhere; /openapi.json says it all.
    api = FastAPI(
        title="SAMO DL",
        summary="Journal analysis",
        docs_url=None,
        redoc_url=None,
        responses={"default": PROBLEM},
    )
    answer_with_problems(api)
    _add_paths(api, models, counts)
    paths = {"/v1/analyze", "/health", "/metrics", "/openapi.json"}
    return Measured(LimitedBody(api), counts, paths=paths)


def _add_paths(api: FastAPI, models: ModelManager[EmotionModel], counts: RequestCounts) -> None:
    # The work is Python's own: side by side, threads would only wait for each other.
    one_at_a_time = asyncio.Lock()

    @api.post("/v1/analyze")
    async def analyze(body: AnalyzeRequest) -> AnalyzeResponse:
        """Tell the emotions of a journal text."""
        async with one_at_a_time:
            return await run_in_threadpool(_analyzed, models, body.text)

    @api.get("/health")
    def health() -> Health:
        """Say whether the service can answer: 503 where its model can't be loaded."""
        return Health(status="ok", model=_name(models.get_model(DEFAULT_MODEL)))

    @api.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Return the counts as Prometheus reads them."""
        lines = (*counts.lines(), *load_lines(models.counts()))
        return Response("\n".join(lines) + "\n", media_type=CONTENT_TYPE)


def _analyzed(models: ModelManager[EmotionModel], text: str) -> AnalyzeResponse:
    model = models.get_model(DEFAULT_MODEL)
    emotions = [
        EmotionScore(
            label=each.label.name,
            score=each.score,
            threshold=each.label.threshold,
            detected=each.is_detected,
        )
        for each in model.analyze(text)
    ]
    return AnalyzeResponse(emotions=emotions, model=_name(model))


def _name(model: EmotionModel) -> ModelName:
    return ModelName(name=model.name, version=model.version)
