"""Does every operation of /openapi.json answer as it is described, whatever is sent, and never with a failure of ours?

    python -m bench.conform [--examples 20]

schemathesis against a fresh server, once for each way of asking: with a session, with an organization's key, with a
chatbot's key, and as nobody. It is installed into an environment of its own by `make schemathesis`.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from bench.server import Server

COMMAND = Path(__file__).resolve().parents[1] / ".venv" / "schemathesis" / "bin" / "schemathesis"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# They end the session, or change the password that it came with.
LEFT_OUT = "/auth/(logout|login|register|reset|forgot)|/password$|/orgs/switch|/orgs/me/members"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=20, help="requests for each operation and caller")
    given = parser.parse_args()
    if not COMMAND.exists():
        print("schemathesis is not here: make schemathesis installs it")
        return
    failed: list[str] = []
    with Server(workers=1) as server:  # who teaches an agent is kept waiting for a worker
        _, ingest = server.new_chatbot()
        key = server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": "bench"})[1]["key"]
        for who, token in (
            ("session", server.token),
            ("organization key", key),
            ("chatbot key", ingest),
            ("nobody", ""),
        ):
            print(f"== {who}", flush=True)
            command = [
                str(COMMAND), "run", f"http://127.0.0.1:{server.port}/openapi.json", "--checks", CHECKS, "--phases", "fuzzing",
                "--max-examples", str(given.examples), "--exclude-path-regex", LEFT_OUT, "--suppress-health-check", "all",
            ]  # fmt: skip
            if token:
                command += ["--header", f"Authorization: Bearer {token}"]
            if subprocess.run(command, check=False).returncode:
                failed.append(who)
    print("passed" if not failed else f"failed: {failed}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
