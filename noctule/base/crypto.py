"""Secrets: how they are made, kept and compared. Passwords are in accounts; here are keys, which are random already."""

import hashlib
import os
import secrets
import warnings
from pathlib import Path
from typing import Any, cast

import jwt

from noctule.base.folders import make_folder

_jwt = cast("Any", jwt)  # its types lean on a library that we do not install
warnings.filterwarnings(
    "ignore", category=jwt.InsecureKeyLengthWarning
)  # check-config and each start say it in our words


def digest(secret: str) -> bytes:
    """SHA-256 (32 bytes). Enough for random keys, which nobody can guess from a list; never for passwords."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def random_hex(length: int) -> str:
    return secrets.token_hex(length // 2)


def sign(claims: dict[str, Any], secret: str) -> str:
    """A JWT (RFC 7519) with HMAC-SHA-256."""
    return _jwt.encode(claims, secret, algorithm="HS256")


def signed_claims(token: str, secret: str) -> dict[str, Any] | None:
    """What a token says when it is ours; None for every other text. Whether it has run out is not looked at."""
    try:
        return _jwt.decode(token, secret, algorithms=["HS256"], options={"verify_exp": False})
    except jwt.InvalidTokenError:
        return None


def installation_secret(data_dir: Path) -> str:
    """The secret that signs sessions: made at the first start, kept in a file that only its owner reads."""
    if kept_secret(data_dir) is None:
        keep_secret(data_dir, secrets.token_hex(32))
    return secret_file(data_dir).read_text().strip()


def kept_secret(data_dir: Path) -> str | None:
    """Makes none."""
    path = secret_file(data_dir)
    return path.read_text().strip() if path.exists() else None


def keep_secret(data_dir: Path, secret: str) -> None:
    """Unless there is one. Written beside and linked into place, so that two agree and a crash leaves no half a secret."""
    make_folder(data_dir)
    path = secret_file(data_dir)
    draft = path.with_name(f".secret_key.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def secret_file(data_dir: Path) -> Path:
    return data_dir / "secret_key"
