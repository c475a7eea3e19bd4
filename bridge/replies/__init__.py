"""What the citizen reads: templates, lengths, languages."""

from bridge.replies.compose import PUBLIC_STATES, Composer
from bridge.replies.public import personal_data, public_place
from bridge.replies.texts import ReplyFacts

__all__ = ["PUBLIC_STATES", "Composer", "ReplyFacts", "personal_data", "public_place"]
