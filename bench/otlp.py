"""Spans as OpenTelemetry exporters send them (OTLP, protobuf), written by hand: the format is small and we need little of it.

A request holds one resource, one scope and any number of spans. Field numbers are those of opentelemetry/proto/trace/v1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_FIXED64, _BYTES, _VARINT = 1, 2, 0
_OK = 1


@dataclass(frozen=True)
class Span:
    """Times in nanoseconds since 1970."""

    trace_id: bytes  # 16
    span_id: bytes  # 8
    name: str
    began: int
    ended: int
    attributes: Mapping[str, str]
    parent_id: bytes = b""


def export_request(resource: Mapping[str, str], spans: Iterable[Span]) -> bytes:
    scope = _field(1, _field(1, b"bench"))
    scope_spans = scope + b"".join(_field(2, _span(one)) for one in spans)
    return _field(1, _field(1, _attributes(1, resource)) + _field(2, scope_spans))


def _span(span: Span) -> bytes:
    return b"".join(
        (
            _field(1, span.trace_id),
            _field(2, span.span_id),
            _field(4, span.parent_id) if span.parent_id else b"",
            _field(5, span.name.encode()),
            _key(6, _VARINT) + _varint(1),  # internal
            _key(7, _FIXED64) + span.began.to_bytes(8, "little"),
            _key(8, _FIXED64) + span.ended.to_bytes(8, "little"),
            _attributes(9, span.attributes),
            _field(15, _key(3, _VARINT) + _varint(_OK)),
        )
    )


def _attributes(number: int, attributes: Mapping[str, str]) -> bytes:
    """Each a key and a value that is a string."""
    return b"".join(
        _field(number, _field(1, key.encode()) + _field(2, _field(1, value.encode())))
        for key, value in attributes.items()
    )


def _field(number: int, content: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(content)) + content


def _key(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
