"""The OpenBat face: capture, track, chatbots, conversations and analytics, in the shapes that OpenBat's clients know."""

from noctule.api.openbat import analytics, capture, chatbots, conversations, errors, remarks, track

__all__ = ["analytics", "capture", "chatbots", "conversations", "errors", "remarks", "track"]
