"""The Chatbase face: agents made, taught, asked and looked at by programs that know Chatbase's API.

Where its documents contradict each other both spellings are read, and all of them are answered.
"""

from noctule.api.chatbase import attributes, chat, chatbots, contacts, errors, history

__all__ = ["attributes", "chat", "chatbots", "contacts", "errors", "history"]
