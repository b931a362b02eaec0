"""The ChatLogger face: chats of an organization, sent with its key or by a signed-in person."""

from noctule.api.chatlogger import chats, create, errors, messages

__all__ = ["chats", "create", "errors", "messages"]
