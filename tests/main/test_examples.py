"""The requests that OpenBat's and ChatLogger's documents show, pasted into a shell: only the address and the key are ours."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.server import Server

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")

TRACK = r"""
curl -X POST https://api.openbat.dev/v1/track \
  -H "Authorization: Bearer your-api-key" \
  -H "Content-Type: application/json" \
  -d '{
    "conversationId": "conv-abc-123",
    "messages": [
      {"role": "user", "content": "How do I reset my password?"},
      {"role": "assistant", "content": "Go to Settings > Security and click Reset password."}
    ],
    "user": {"id": "user-456", "email": "jane@acme.com"},
    "organization": {"id": "org-789", "name": "Acme Corp"}
  }'
"""
TRACK_BODY = """{
  "conversationId": "conv-abc-123",
  "messages": [
    {
      "role": "user",
      "content": "How do I reset my password?"
    },
    {
      "role": "assistant",
      "content": "Go to Settings > Security and click 'Reset password'."
    }
  ],
  "user": {
    "id": "user-456",
    "email": "jane@acme.com",
    "name": "Jane Smith"
  },
  "organization": {
    "id": "org-789",
    "name": "Acme Corp"
  },
  "metadata": {
    "plan": "pro",
    "source": "web-chat"
  }
}"""
CHATS = r"""
curl \
 --request POST 'http://api.example.com/api/v1/chats' \
 --header "x-organization-api-key: $API_KEY" \
 --header "Authorization: $API_KEY" \
 --header "Content-Type: application/json" \
 --data '{"metadata":{"avg_response_time":42.0,"country_code":"string","ip_address":"string","is_escalated":true,"is_forwarded_to_hr":true,"language_code":"string","question_category":"string","sentiment":"string","session_id":"string","token_count":42,"transcript_link":"string","user_rating":42},"tags":["string"],"title":"string","user_id":42}'
"""


def paste(server: Server, command: str, key: str) -> dict[str, object]:
    command = command.replace("https://api.openbat.dev", f"http://127.0.0.1:{server.port}")
    command = command.replace("http://api.example.com", f"http://127.0.0.1:{server.port}").replace("your-api-key", key)
    done = subprocess.run(
        ["sh", "-c", command],
        env={"API_KEY": key, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
        timeout=30,
    )
    return json.loads(done.stdout)


def test_the_examples_of_the_documents(tmp_path: Path) -> None:
    with Server(data_dir=tmp_path, workers=0) as server:
        chatbot, key = server.new_chatbot()
        tracked = {"success": True, "conversationId": "conv-abc-123"}
        assert paste(server, TRACK, key) == tracked
        found = server.ask("GET", f"/api/v1/conversations/conv-abc-123?chatbotId={chatbot}")[1]
        assert [message["role"] for message in found["messages"]] == ["user", "assistant"]
        assert found["user"] == {"id": "user-456", "email": "jane@acme.com"}
        assert found["organization"] == {"id": "org-789", "name": "Acme Corp"}

        other, key = server.new_chatbot("another, because the words differ")
        assert server.ask("POST", "/v1/track", json.loads(TRACK_BODY), key=key) == (200, tracked)
        found = server.ask("GET", f"/api/v1/conversations/conv-abc-123?chatbotId={other}")[1]
        assert found["messages"][1]["content"] == "Go to Settings > Security and click 'Reset password'."
        assert (found["user"]["name"], found["custom"]) == ("Jane Smith", {"plan": "pro", "source": "web-chat"})
        fields = server.ask("GET", f"/api/v1/chatbots/{other}/fields")[1]["fields"]
        assert [(field["key"], field["status"]) for field in fields] == [
            ("plan", "discovered"),
            ("source", "discovered"),
        ]

        key = server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": "chats"})[1]["key"]
        created = paste(server, CHATS, key)
        assert created["message"] == "Chat created successfully"
        read = server.ask("GET", f"/api/v1/chats/{created['chat_id']}")[1]
        assert (read["title"], read["tags"], read["user_id"], read["metadata"]["user_rating"]) == (
            "string",
            ["string"],
            42,
            42,
        )
