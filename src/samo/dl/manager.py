"""Models by name: each is loaded when it is first asked for, once, however many ask."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

Model = TypeVar("Model")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCounts:
    """What loading has cost: how long the loaded models took, and how many loads failed."""

    seconds: dict[str, float]
    failures: dict[str, int]


class ModelManager(Generic[Model]):
    """Keeps what `load` returns for a name. Any thread may ask at any time.

    While a model is being loaded, all who ask for it wait for that one load. A load that fails
    raises its error to all of them and is not kept: who asks next tries again.
    """

    def __init__(
        self, load: Callable[[str], Model], *, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._load = load
        self._clock = clock
        self._lock = threading.Lock()
        self._loads: dict[str, Future[Model]] = {}
        self._counts = LoadCounts(seconds={}, failures={})

    def get_model(self, name: str) -> Model:
        """Return the model of that name; raises what `load` raises."""
        with self._lock:
            load = self._loads.get(name)
            is_first = load is None
            if load is None:
                load = self._loads[name] = Future()
        if is_first:
            self._fulfil(name, load)
        return load.result()

    def counts(self) -> LoadCounts:
        """Return what loading has cost so far."""
        with self._lock:
            return LoadCounts(
                seconds=dict(self._counts.seconds), failures=dict(self._counts.failures)
            )

    def _fulfil(self, name: str, load: Future[Model]) -> None:
        begun = self._clock()
        try:
            model = self._load(name)
        except BaseException as error:
            # Whatever it was, those who wait must hear of it, or they wait for ever.
            with self._lock:
                del self._loads[name]
                self._counts.failures[name] = self._counts.failures.get(name, 0) + 1
            load.set_exception(error)
            raise
        with self._lock:
            self._counts.seconds[name] = self._clock() - begun
        load.set_result(model)
