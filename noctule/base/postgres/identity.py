"""As whom PostgreSQL runs. It refuses root, and root's own folders are closed to everybody else.

As root it runs in a user namespace of one user: to PostgreSQL it looks like user 1000, to the disk it is still root, so
no folder has to be opened. Where that is refused (some containers), it runs as a system user that owns its folder, with a
copy of the binaries that this user can read. An ordinary user simply is who he is.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from noctule.base.postgres.binaries import copy_binaries, installed
from noctule.base.postgres.errors import CannotStart

_NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000")
_SYSTEM_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Identity:
    binaries: Path
    prefix: tuple[str, ...] = ()  # put before each command
    user: int | None = None  # run as this user
    group: int | None = None

    def command(self, program: str, *arguments: str) -> list[str]:
        return [*self.prefix, str(self.binaries / program), *arguments]

    def owner(self) -> int:
        return os.geteuid() if self.user is None else self.user

    def give(self, folder: Path) -> None:
        """Make the identity the owner of a folder and of all in it."""
        if self.user is None or self.group is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.user, self.group, follow_symlinks=False)


def find_identity(folder: Path) -> Identity:
    """Raises CannotStart naming the path that is closed."""
    if os.geteuid() != 0:
        return Identity(installed())
    if namespaces_allowed():
        return Identity(installed(), prefix=_NAMESPACE)
    return _system_user(folder)


def folder_mode() -> int:
    """Of the folders that we make for it: closed, unless a system user has to get through, who may not look around."""
    return 0o711 if os.geteuid() == 0 and not namespaces_allowed() else 0o700


def namespaces_allowed() -> bool:
    try:
        return subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False, timeout=10).returncode == 0
    except OSError:
        return False


def _system_user(folder: Path) -> Identity:
    for name in _SYSTEM_USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        binaries = copy_binaries(Path(tempfile.gettempdir()))
        identity = Identity(binaries, user=user.pw_uid, group=user.pw_gid)
        _must_reach(identity, folder)
        identity.give(folder)
        return identity
    raise CannotStart(f"PostgreSQL refuses to run as root, and none of the users {', '.join(_SYSTEM_USERS)} exists")


def _must_reach(identity: Identity, folder: Path) -> None:
    """Name the topmost folder on the way that the user may not enter."""
    test = shutil.which("test") or "/usr/bin/test"
    for path in reversed(folder.parents):
        command = [test, "-x", str(path)]
        closed = subprocess.run(
            command, user=identity.user, group=identity.group, extra_groups=[], check=False
        ).returncode
        if closed:
            raise CannotStart(
                f"{path} is closed to user {identity.user}, as whom PostgreSQL would run: start as an ordinary user, "
                f"choose another data folder, or allow user namespaces"
            )
