"""The town square for trying things: a small network that speaks the Mastodon API, and a mailbox."""
