"""The river: what happens next, one short file a step."""
