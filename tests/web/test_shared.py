"""What every answer has, and the small parts that all faces lean on."""

import re

import httpx
import pytest

from noctule.api import DOORS
from noctule.base.errors import Invalid
from noctule.dashboard.rendering import VERSION
from noctule.main.app import create_openapi
from noctule.web.paging import whole_number
from tests.conftest import Person, World


async def test_every_answer_has_an_id_and_is_locked_down(world: World) -> None:
    for path in ("/health", "/version", "/api/v1/chatbots", "/nowhere", "/api/nowhere"):
        answer = await world.client().get(path)
        assert len(answer.headers["x-request-id"]) == 16
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_caller_s_own_request_id_is_kept_when_it_looks_like_one(world: World) -> None:
    own = await world.client().get("/health", headers={"x-request-id": "trace-12345"})
    assert own.headers["x-request-id"] == "trace-12345"
    strange = await world.client().get("/health", headers={"x-request-id": "<script>alert(1)</script>"})
    assert strange.headers["x-request-id"] != "<script>alert(1)</script>"


@pytest.mark.parametrize("path", ["/api/v1/chatbots", "/api/v1/users/me", "/"])
async def test_an_unexpected_error_is_written_down_once_under_its_id(
    owner: Person, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    async with owner.world.database.transaction() as db:
        await db.run("alter table chatbots rename to gone")
        await db.run("alter table users rename column name to gone")
    transport = httpx.ASGITransport(owner.world.app)  # raises what would reach the server
    headers = {"authorization": f"Bearer {owner.token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        answer = await client.get(path)
    assert answer.status_code == 500
    assert "gone" not in answer.text
    written = [record for record in caplog.records if record.exc_info]
    assert [vars(record)["request_id"] for record in written] == [answer.headers["x-request-id"]]


async def test_health_version_and_metrics(world: World) -> None:
    assert (await world.client().get("/health")).json() == {"status": "ok"}
    assert (await world.client().get("/version")).json() == {"version": "0.1.0"}
    metrics = await world.client().get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    assert 'noctule_requests_total{area="page",method="GET",status="200"}' in metrics.text


async def test_head_is_get_without_the_body(owner: Person) -> None:
    static = f"/static/{VERSION}/css/layout.css"
    for path in ("/health", "/version", "/api/v1/chatbots", "/", "/sign-in", "/nowhere", "/api/v1/capture", static):
        got, head = await owner.client.get(path), await owner.client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        for name in ("content-type", "content-length"):
            assert head.headers[name] == got.headers[name], path
    assert (await owner.client.head("/api/v1/auth/login")).status_code == 405


async def test_every_door_is_counted_as_one(world: World) -> None:
    async def counted() -> float:
        """Of the whole process: other tests count as well."""
        metrics = (await world.client().get("/metrics")).text
        lines = [line for line in metrics.splitlines() if 'area="ingest",method="other",status="405"' in line]
        return float(lines[0].rsplit(" ", 1)[1]) if lines else 0

    before = await counted()
    for path in DOORS:
        assert (await world.client().request("BREW", path)).status_code == 405
    assert await counted() - before == sum(not door.shared for door in DOORS.values())


async def test_an_unknown_api_path_is_json(world: World) -> None:
    answer = await world.client().get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json() == {"error": "not_found", "message": "There is nothing here."}
    assert (await world.client().get("/v1/nothing")).json() == answer.json()
    said = {"error": "There is nothing here.", "message": "There is nothing here."}
    for path in ("/v1/track/x", "/v1/tracks", "/api/v1/track/x"):
        assert (await world.client().post(path, json={})).json() == {"success": False, **said}
    assert (await world.client().get("/api/v1/capture/x")).json() == {"ok": False, **said}


def test_the_description_holds_every_route() -> None:
    paths = create_openapi()["paths"]
    for path in ("/api/v1/capture", "/api/v1/chatbots/{chatbot_id}/rotate-key", "/api/v1/auth/login", "/health"):
        assert path in paths
    capture = paths["/api/v1/capture"]["post"]
    assert capture["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/CaptureBody"
    }
    assert "CaptureBody" in create_openapi()["components"]["schemas"]


def test_the_description_names_all_that_stands_in_a_path() -> None:
    for path, methods in create_openapi()["paths"].items():
        for operation in methods.values():
            named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path)), path


def test_the_description_says_how_routes_refuse() -> None:
    paths = create_openapi()["paths"]
    statuses = {path: {method: set(one["responses"]) for method, one in item.items()} for path, item in paths.items()}
    assert statuses["/api/v1/capture"]["post"] == {"200", "400", "401", "403", "429", "503"}
    fields = statuses["/api/v1/chatbots/{chatbot_id}/fields"]
    assert fields["get"] == {"200", "400", "401", "404", "429", "503"}
    assert fields["post"] == {"201", "400", "401", "403", "404", "409", "503"}
    assert statuses["/api/v1/chatbots/{chatbot_id}"]["patch"] == {"200", "400", "401", "403", "404", "503"}
    assert statuses["/api/v1/analytics/sentiment"]["get"] == {"200", "400", "401", "404", "429", "503"}
    assert all("422" not in answers for item in statuses.values() for answers in item.values())
    assert paths["/api/v1/chatbots"]["get"]["security"] == [{"session": []}]
    assert paths["/api/v1/conversations"]["get"]["security"] == [{"session": []}, {"organizationKey": []}]


async def test_the_commit_comes_before_the_answer(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """With FastAPI's default scope the answer would leave first; this pins the order that InTransaction asks for."""
    order: list[str] = []
    database = owner.world.services.database
    begin = database.transaction

    def noted():
        context = begin()

        class Noted:
            async def __aenter__(self):
                return await context.__aenter__()

            async def __aexit__(self, *error):
                result = await context.__aexit__(*error)
                order.append("committed")
                return result

        return Noted()

    monkeypatch.setattr(database, "transaction", noted)

    async def send(message) -> None:
        order.append(message["type"])

    async def receive():
        return {"type": "http.request", "body": b'{"name": "x"}', "more_body": False}

    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/chatbots", "raw_path": b"/api/v1/chatbots", "query_string": b"",
        "headers": [(b"authorization", f"Bearer {owner.token}".encode()), (b"content-type", b"application/json")],
        "http_version": "1.1", "scheme": "http", "server": ("test", 80), "client": ("test", 1), "root_path": "",
    }  # fmt: skip
    await owner.world.app(scope, receive, send)
    assert order == ["committed", "committed", "http.response.start", "http.response.body"]


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "NaN", "Infinity", "٣", "1e3", " 1", "x", "9" * 30, "\0"])
def test_numbers_that_are_none(text: str) -> None:
    with pytest.raises(Invalid, match="page"):
        whole_number("page", text, default=1, least=1, most=100)


def test_numbers() -> None:
    assert whole_number("page", None, default=7, least=1, most=100) == 7
    assert whole_number("page", "100", default=7, least=1, most=100) == 100
    assert whole_number("page", "101", default=7, least=1, most=100, cut=True) == 100
