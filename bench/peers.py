"""Other products that keep what chatbots say, each in an environment of its own and as it comes out of its package.

A turn is one span of a trace of its own, as both describe chats, with the attributes that each shows as a conversation:
OpenInference's for Phoenix, MLflow's own for MLflow; both take OpenTelemetry's protobuf over HTTP. A turn counts when their
interface for reading counts it. Nothing they would tell their makers is sent.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from bench.load import post_bytes
from bench.otlp import Span, export_request
from bench.server import ask, free_port, wait_until
from bench.tree import installed
from bench.turns import Turn

ENVIRONMENTS = Path(__file__).resolve().parents[1] / ".venv" / "rivals"


class Peer(ABC):
    """Started on entering, gone with its data on leaving."""

    name: ClassVar[str]
    package: ClassVar[str]
    requirement: ClassVar[str]
    ready: ClassVar[str]  # what is asked until it answers
    headers: ClassVar[dict[str, str]] = {"content-type": "application/x-protobuf"}

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="noctule-bench-peer-"))
        self.port = free_port()
        self.seconds_to_start = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def environment(cls) -> Path:
        return ENVIRONMENTS / cls.package

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def settings(self) -> dict[str, str]: ...

    @abstractmethod
    def span(self, turn: Turn) -> Span: ...

    @abstractmethod
    def readable(self) -> int:
        """How many turns it counts when asked."""

    @abstractmethod
    def found(self, word: str, limit: int) -> int:
        """How many turns with that word are on the first page of its search."""

    def __enter__(self) -> Self:
        began, log = time.monotonic(), self.folder / "server.log"
        variables = {"PATH": f"{self.environment() / 'bin'}:/usr/bin:/bin", "HOME": str(self.folder), **self.settings()}
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                self.command(), env=variables, cwd=self.folder, stdout=file, stderr=file, start_new_session=True
            )
        wait_until(self._answers, self._process, log)
        self.seconds_to_start = time.monotonic() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is not None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._process.pid

    def requests(self, turns: Sequence[Turn], each: int) -> list[bytes]:
        """So many turns in each."""
        resource = {"service.name": "bench"}
        bodies = [
            export_request(resource, map(self.span, turns[first : first + each]))
            for first in range(0, len(turns), each)
        ]
        return [post_bytes("/v1/traces", self.headers, body) for body in bodies]

    @classmethod
    def megabytes(cls) -> float:
        packages = next((cls.environment() / "lib").glob("python*/site-packages"))
        return installed(packages, without={"pip", "setuptools", "wheel"})

    def _answers(self) -> bool:
        try:
            return ask(self.port, self.ready)[0] == 200
        except OSError:
            return False


def new_span(turn: Turn, attributes: dict[str, str]) -> Span:
    identity = hashlib.sha256(f"{turn.conversation}/{turn.number}".encode()).digest()
    return Span(identity[:16], identity[16:24], "chat", turn.moment, turn.moment + 800_000_000, attributes)


class Phoenix(Peer):
    name, package, ready = "Arize Phoenix", "phoenix", "GET /healthz"
    requirement = "arize-phoenix==20.26.1"

    def command(self) -> list[str]:
        return [str(self.environment() / "bin" / "phoenix"), "serve"]

    def settings(self) -> dict[str, str]:
        return {
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": str(self.port),
            "PHOENIX_GRPC_PORT": str(free_port()),
            "PHOENIX_WORKING_DIR": str(self.folder),
            "PHOENIX_TELEMETRY_ENABLED": "false",
        }

    def span(self, turn: Turn) -> Span:
        return new_span(turn, {
            "openinference.span.kind": "LLM",
            "session.id": turn.conversation,
            "user.id": turn.user,
            "input.value": turn.question,
            "output.value": turn.answer,
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": turn.question,
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": turn.answer,
        })  # fmt: skip

    def readable(self) -> int:
        answer = self._query("{ projects { edges { node { recordCount } } } }")
        return sum(edge["node"]["recordCount"] for edge in answer["projects"]["edges"])

    def found(self, word: str, limit: int) -> int:
        condition = f"'{word}' in input.value or '{word}' in output.value"
        answer = self._query(
            "query ($first: Int!, $condition: String) { projects { edges { node { spans(first: $first, filterCondition:"
            " $condition, sort: {col: startTime, dir: desc}) { edges { node { input { value } output { value } } } } } } } }",
            first=limit, condition=condition,
        )  # fmt: skip
        return sum(len(edge["node"]["spans"]["edges"]) for edge in answer["projects"]["edges"])

    def _query(self, text: str, **variables: object) -> Any:
        status, answer = ask(self.port, "POST /graphql", {"query": text, "variables": variables})
        if status != 200 or answer.get("errors"):
            raise RuntimeError(f"Phoenix says {status}: {answer}")
        return answer["data"]


class MLflow(Peer):
    name, package, ready = "MLflow", "mlflow", "GET /health"
    requirement = "mlflow==3.17.2"
    headers: ClassVar[dict[str, str]] = {**Peer.headers, "x-mlflow-experiment-id": "0"}

    def command(self) -> list[str]:
        program = str(self.environment() / "bin" / "mlflow")
        return [program, "server", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]

    def settings(self) -> dict[str, str]:
        return {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}

    def span(self, turn: Turn) -> Span:
        return new_span(turn, {
            "mlflow.spanType": json.dumps("CHAT_MODEL"),
            "mlflow.spanInputs": json.dumps({"messages": [{"role": "user", "content": turn.question}]}),
            "mlflow.spanOutputs": json.dumps({"messages": [{"role": "assistant", "content": turn.answer}]}),
            "session.id": turn.conversation,
            "user.id": turn.user,
        })  # fmt: skip

    def readable(self) -> int:
        answer = self._ask("metrics", {
            "experiment_ids": ["0"],
            "view_type": "SPANS",
            "metric_name": "span_count",
            "aggregations": [{"aggregation_type": "COUNT"}],
        })  # fmt: skip
        return sum(round(point["values"]["COUNT"]) for point in answer.get("data_points", []))

    def found(self, word: str, limit: int) -> int:
        place = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}}
        answer = self._ask(
            "search", {"locations": [place], "filter": f"trace.text LIKE '%{word}%'", "max_results": limit}
        )
        return len(answer.get("traces", []))

    def _ask(self, what: str, body: dict[str, object]) -> Any:
        status, answer = ask(self.port, f"POST /api/3.0/mlflow/traces/{what}", body)
        if status != 200:
            raise RuntimeError(f"MLflow says {status}: {answer}")
        return answer
