"""Who is who, in memory: those who are known, and those whom a batch names. Pure; no database.

An id decides. Without one the handle does, and then somebody who has an id goes before somebody who has none; of several
with ids, whoever was made first. Who was known by the handle alone takes on the first id that comes with it.
"""

from collections.abc import Iterable
from uuid import UUID

from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId
from noctule.people.models import Claim, Profile

Name = tuple[ChatbotId, str]


class Register:
    def __init__(self, known: Iterable[Profile]) -> None:
        self._profiles = {profile.id: profile for profile in known}
        self._by_id: dict[Name, Profile] = {}
        self._by_handle: dict[Name, Profile] = {}
        self.doubles: set[ChatbotId] = set()  # where somebody without an id turned out to be somebody with one
        for profile in sorted(self._profiles.values(), key=lambda one: (one.external_id is None, one.id)):
            self._file(profile)

    def meet(self, claim: Claim, company_id: UUID | None = None) -> Profile:
        """Whom the claim is about, with what it says taken over."""
        profile = self._find(claim) or self._new(claim)
        if claim.external_id is not None and profile.external_id is None:
            profile.external_id, profile.is_changed = claim.external_id, True
        if claim.handle is not None and profile.handle != claim.handle:
            other = self._by_handle.get((claim.chatbot_id, claim.handle))
            if other is not None and other.external_id is None:
                self.doubles.add(claim.chatbot_id)
                del self._by_handle[claim.chatbot_id, claim.handle]
            profile.handle, profile.is_changed = claim.handle, True
        if not claim.traits.items() <= profile.traits.items():
            profile.traits, profile.is_changed = {**profile.traits, **claim.traits}, True
        if company_id is not None and profile.company_id != company_id:
            profile.company_id, profile.is_changed = company_id, True
        self._file(profile)
        return profile

    def new(self) -> list[Profile]:
        """Sorted as every batch sorts them, so that no two wait for each other in a circle."""
        made = [profile for profile in self._profiles.values() if profile.is_new]
        return sorted(made, key=lambda one: (one.chatbot_id, one.external_id or "", one.handle or ""))

    def changed(self) -> list[Profile]:
        changed = [profile for profile in self._profiles.values() if profile.is_changed and not profile.is_new]
        return sorted(changed, key=lambda one: (one.chatbot_id, one.id))

    def _find(self, claim: Claim) -> Profile | None:
        named = self._by_handle.get((claim.chatbot_id, claim.handle)) if claim.handle is not None else None
        if claim.external_id is None:
            return named
        known = self._by_id.get((claim.chatbot_id, claim.external_id))
        return known or (named if named is not None and named.external_id is None else None)

    def _new(self, claim: Claim) -> Profile:
        profile = Profile(
            claim.chatbot_id, new_id(), claim.external_id, claim.handle, dict(claim.traits), claim.at, is_new=True
        )
        self._profiles[profile.id] = profile
        return profile

    def _file(self, profile: Profile) -> None:
        if profile.external_id is not None:
            self._by_id[profile.chatbot_id, profile.external_id] = profile
        if profile.handle is not None:
            self._by_handle.setdefault((profile.chatbot_id, profile.handle), profile)
