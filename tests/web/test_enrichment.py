"""What headers tell of the user, and that nothing they hold can hurt."""

import time
from base64 import b64encode

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from noctule.base.errors import Invalid
from noctule.base.text import storable
from noctule.web.enrichment import AGENT, LANGUAGE, PLACE, REFERRER, enrich
from noctule.web.forwarded import enrichment_of, headers_in

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1"
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1"
GALAXY_TAB = (
    "Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0.0.0 Safari/537.36"
)
PIXEL = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
)
CUBOT = "Mozilla/5.0 (Linux; Android 9; CUBOT P30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.0.0 Mobile Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
OLD_EXPLORER = "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Tablet PC 2.0)"
TELEVISION = (
    "Mozilla/5.0 (Linux; Android 9; BRAVIA 4K UR2) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.0.0 Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
EVERY_HEADER = sorted({*AGENT, *REFERRER, *LANGUAGE, *PLACE})


@pytest.mark.parametrize(
    ("user_agent", "browser", "version", "system", "device"),
    [
        (CHROME, "Chrome", "131.0", "Windows", "desktop"),
        (SAFARI, "Mobile Safari", "17.1", "iOS", "mobile"),
        (IPAD, "Mobile Safari", "16.0", "iOS", "tablet"),
        (GALAXY_TAB, "Chrome", "112.0", "Android", "tablet"),
        (PIXEL, "Chrome Mobile", "130.0", "Android", "mobile"),
        (CUBOT, "Chrome Mobile", "90.0", "Android", "mobile"),
        (FIREFOX, "Firefox", "133.0", "Linux", "desktop"),
        (OLD_EXPLORER, "IE", "8.0", "Windows", "desktop"),
        (TELEVISION, "Chrome", "90.0", "Android", None),
        (GOOGLEBOT, "Googlebot", "2.1", None, "bot"),
        ("something else", None, None, None, None),
    ],
)
def test_user_agents(
    user_agent: str, browser: str | None, version: str | None, system: str | None, device: str | None
) -> None:
    wanted = {"browser": browser, "browser_version": version, "os": system, "device": device, "user_agent": user_agent}
    assert enrich({"user-agent": user_agent}) == {name: value for name, value in wanted.items() if value}


@pytest.mark.parametrize(
    ("header", "value", "name", "known"),
    [
        ("accept-language", "de-CH,de;q=0.9,en;q=0.8", "language", "de-CH"),
        ("accept-language", "en;q=0.5, FR-fr ; q=0.8", "language", "fr-FR"),
        ("accept-language", "zh-hant-tw", "language", "zh-Hant-TW"),
        ("accept-language", "*", "language", None),
        ("accept-language", "de;q=0, en;q=nan, fr;q=2", "language", None),
        ("accept-language", "<script>,nl", "language", "nl"),
        ("accept-language", "," * 100_000, "language", None),
        ("cf-ipcountry", "ch", "country", "CH"),
        ("cf-ipcountry", "XX", "country", None),
        ("cf-ipcountry", "T1", "country", None),
        ("cf-ipcountry", "ß", "country", None),
        ("cf-ipcountry", "Switzerland", "country", None),
        ("x-vercel-ip-country", "US", "country", "US"),
        ("cloudfront-viewer-country", "JP", "country", "JP"),
        ("x-vercel-ip-city", "S%C3%A3o%20Paulo", "city", "São Paulo"),
        ("cf-ipcity", "Zürich", "city", "Zürich"),
        ("cf-ipcity", "100%", "city", "100%"),
        ("cf-ipcity", "%FF%00", "city", "%FF%00"),
        ("cf-ipcity", "A%00B\u202e", "city", "AB"),
        ("cf-ipcity", "?", "city", None),
        ("cf-ipcity", "a" * 129, "city", None),
        ("cf-region", "Bern", "region", "Bern"),
        ("cf-timezone", "Europe/Zurich", "timezone", "Europe/Zurich"),
        ("cf-timezone", "America/Argentina/Buenos_Aires", "timezone", "America/Argentina/Buenos_Aires"),
        ("cf-timezone", "../../etc/passwd", "timezone", None),
        ("referer", "https://example.com/pricing?a=1", "referrer", "https://example.com/pricing?a=1"),
        ("referer", "javascript:alert(1)", "referrer", None),
        ("referer", "https://", "referrer", None),
        ("referer", "https://example.com/\r\nx: y", "referrer", None),
        ("referer", "https://example.com/" + "a" * 2048, "referrer", None),
        ("cf-connecting-ip", "2001:DB8::0:1", "ip", "2001:db8::1"),
        ("cf-connecting-ip", "fe80::1%<script>", "ip", None),
        ("cloudfront-viewer-address", "198.51.100.10:46532", "ip", "198.51.100.10"),
        ("x-forwarded-for", "203.0.113.7", "ip", "203.0.113.7"),
        ("x-forwarded-for", "unknown, 10.0.0.1, 203.0.113.7:9000, 198.51.100.1", "ip", "203.0.113.7"),
        ("x-forwarded-for", '"[2001:db8::7]:443", 10.0.0.1', "ip", "2001:db8::7"),
        ("x-forwarded-for", "::ffff:10.0.0.1, ::ffff:203.0.113.7", "ip", "203.0.113.7"),
        ("x-forwarded-for", "127.0.0.1, ::1, 192.168.0.4, fd00::1", "ip", None),
        ("x-forwarded-for", "999.1.1.1, 01.2.3.4", "ip", None),
        ("x-forwarded-for", "," * 100_000 + "203.0.113.7", "ip", None),
        ("x-real-ip", "192.168.0.4", "ip", "192.168.0.4"),
        ("user-agent", "\0\ud800 a\u0007" + "x" * 600, "user_agent", "a" + "x" * 507),
        ("user-agent", " \t ", "user_agent", None),
    ],
)
def test_one_header(header: str, value: str, name: str, known: str | None) -> None:
    assert enrich({header: value}) == ({} if known is None else {name: known})


def test_netlify_tells_the_place_in_one_header() -> None:
    told = {"city": "Basel", "country": {"code": "ch", "name": "Switzerland"}, "subdivision": {"code": "BS"}, "x": 1}
    assert enrich({"x-nf-geo": b64encode(msgspec.json.encode(told)).decode()}) == {
        "country": "CH", "region": "BS", "city": "Basel",
    }  # fmt: skip
    for broken in ("", "é", "a", "bm90IGpzb24=", b64encode(b'{"city": 5}').decode(), b64encode(b"[" * 3000).decode()):
        assert enrich({"x-nf-geo": broken}) == {}


def test_the_address_nearest_to_the_user_counts() -> None:
    headers = {"x-real-ip": "198.51.100.3", "x-forwarded-for": "10.1.1.1, 198.51.100.2", "cf-connecting-ip": "198.51.100.1"}  # fmt: skip
    for name in ("cf-connecting-ip", "x-forwarded-for", "x-real-ip"):
        assert enrich(headers)["ip"] == headers.pop(name).rpartition(" ")[2]


LENGTHS = {"user_agent": 512, "referrer": 2048, "city": 128, "region": 128, "timezone": 128}
# Text of all kinds, halves of surrogate pairs included, and pieces of what the parsers look for, in any order.
PIECES = some.sampled_from("Mozilla/5.0 Android Mobile ( ) ; , , %FF %00 %ED%A0%80 %E4 q= 0.5 :: . 1 :443 [ ] % https:// \0 \ud800 \u202e de- XX /".split(" "))  # fmt: skip
HOSTILE = some.one_of(
    some.text(some.characters(exclude_categories=())),
    some.lists(PIECES, max_size=200).map("".join),
    some.binary(max_size=99).map(lambda raw: b64encode(raw).decode()),
)


@given(some.dictionaries(some.sampled_from(EVERY_HEADER), HOSTILE))
@example(dict.fromkeys(EVERY_HEADER, "\0"))
@example(dict.fromkeys(EVERY_HEADER, "\udc80%"))
def test_whatever_they_hold_it_can_be_stored(headers: dict[str, str]) -> None:
    for name, value in enrich(headers).items():
        assert storable(value) is None
        assert value.isprintable()
        assert 0 < len(value) <= LENGTHS.get(name, 64)


@given(
    some.lists(some.tuples(some.sampled_from([name.encode() for name in EVERY_HEADER]), some.binary())),
    some.dictionaries(some.one_of(some.text(), some.sampled_from(EVERY_HEADER)), HOSTILE),
)
def test_requests_and_bodies_may_be_anything_too(request_headers, body) -> None:
    msgspec.json.encode(enrichment_of(request_headers, body))


@pytest.mark.parametrize(
    "piece", ["a", ",", "%", "%41", "(", "1.", "Android ", "Mozilla/5.0 (", "a/1 ", ":", "\0", "é"]
)
def test_long_values_cost_no_time(piece: str) -> None:
    huge = dict.fromkeys(EVERY_HEADER, piece * (1_000_000 // len(piece)))
    enrich({"user-agent": CHROME})  # compiles the patterns
    started = time.process_time()
    enrich(huge)
    assert time.process_time() - started < 0.1


def test_the_body_counts_more_than_the_request() -> None:
    request = [(b"x-original-user-agent", SAFARI.encode()), (b"cf-ipcountry", b"US"), (b"accept-language", b"en")]
    assert enrichment_of(request, {})["device"] == "mobile"
    found = enrichment_of(request, {"User-Agent": CHROME, "ACCEPT-LANGUAGE": "de"})
    assert (found["device"], found["language"], found["country"]) == ("desktop", "de", "US")


def test_the_place_comes_from_one_side() -> None:
    request = [(b"cf-ipcountry", b"US"), (b"cf-ipcity", b"Ashburn"), (b"x-forwarded-for", b"198.51.100.1")]
    assert enrichment_of(request, {"X-Real-IP": "203.0.113.7"}) == {"ip": "203.0.113.7"}
    assert enrichment_of(request, {"x-custom": "1"}) == {"country": "US", "city": "Ashburn", "ip": "198.51.100.1"}


@pytest.mark.parametrize("program", ["python-httpx/0.28.1", "node", "axios/1.7", "okhttp/4.9", "curl/8.5.0", GOOGLEBOT])
def test_the_program_of_a_server_says_nothing_of_the_user(program: str) -> None:
    request = [(b"user-agent", program.encode()), (b"referer", b"https://bot.example/"), (b"x-real-ip", b"203.0.113.7")]
    assert enrichment_of(request, {}) == {"ip": "203.0.113.7"}
    assert enrichment_of(request, {"user-agent": program})["user_agent"] == program


def test_a_browser_that_comes_itself_is_the_user_s() -> None:
    request = [(b"user-agent", CHROME.encode()), (b"referer", b"https://example.com/"), (b"user-agent", b"second")]
    found = enrichment_of(request, {})
    assert (found["browser"], found["referrer"]) == ("Chrome", "https://example.com/")


def test_what_the_caller_gave_is_left_out() -> None:
    request = [(b"x-original-user-agent", CHROME.encode()), (b"cf-ipcountry", b"CH")]
    found = enrichment_of(request, {}, given={"device": "tablet", "country": "DE"})
    assert "device" not in found
    assert "country" not in found
    assert found["browser"] == "Chrome"


def test_cities_are_read_in_utf_8_and_in_latin_1() -> None:
    assert enrichment_of([(b"cf-ipcity", "Zürich".encode())], {}) == {"city": "Zürich"}
    assert enrichment_of([(b"cf-ipcity", "Zürich".encode("latin-1"))], {}) == {"city": "Zürich"}


def test_what_a_body_may_hand_on() -> None:
    assert headers_in(None) == {}
    assert headers_in({"A": "1", "B": None}) == {"A": "1"}
    assert len(headers_in({str(n): "x" * 8192 for n in range(100)})) == 100
    for wrong, field in (
        ({"a": 1}, "headers.a"),
        ({"a": ["1"]}, "headers.a"),
        ({"a": "x" * 8193}, "headers.a"),
        ({"a" * 257: "1"}, "headers"),
        ({str(n): "1" for n in range(101)}, "headers"),
    ):
        with pytest.raises(Invalid) as refused:
            headers_in(wrong)
        assert refused.value.problems[0].field == field
