"""Counts wrong guesses, so that nobody can try passwords or codes without end."""

import hashlib
import time

from redis.exceptions import RedisError

from bridge import queues


class Throttle:
    """At most `limit` misses a key within `seconds`: counted in Redis, or in this process while it is away.

    Keys are stored as hashes only, since they are logins and addresses of people.
    """

    def __init__(self, name: str, limit: int, seconds: int) -> None:
        self.name, self.limit, self.seconds = name, limit, seconds
        self._here: dict[str, list[float]] = {}

    def blocked(self, key: str) -> bool:
        """Whether this key has had its misses for now."""
        hashed = self._hash(key)
        try:
            with queues.redis() as connection:
                return int(connection.get(hashed) or 0) >= self.limit
        except RedisError:
            return len(self._recent(hashed)) >= self.limit

    def miss(self, key: str) -> None:
        """Count one wrong guess; the time runs from the first one."""
        hashed = self._hash(key)
        try:
            with queues.redis() as connection, connection.pipeline() as both:
                both.set(hashed, 0, ex=self.seconds, nx=True)
                both.incr(hashed)
                both.execute()
        except RedisError:
            self._here[hashed] = [*self._recent(hashed), time.monotonic()]

    def _recent(self, hashed: str) -> list[float]:
        since = time.monotonic() - self.seconds
        for key in [k for k, misses in self._here.items() if misses[-1] <= since]:
            del self._here[key]
        return [miss for miss in self._here.get(hashed, []) if miss > since]

    def _hash(self, key: str) -> str:
        digest = hashlib.blake2b(key.casefold().encode(), digest_size=16, person=b"throttle")
        return f"throttle:{self.name}:{digest.hexdigest()}"
