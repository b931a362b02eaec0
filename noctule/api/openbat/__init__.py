"""The OpenBat face: capture, chatbots, conversations and analytics, in the shapes that OpenBat's clients know."""

from noctule.api.openbat import analytics, capture, chatbots, conversations, errors

__all__ = ["analytics", "capture", "chatbots", "conversations", "errors"]
