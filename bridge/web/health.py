"""Whether this process can do its work: for supervisors and load balancers."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from bridge import queues
from bridge.tickets.book import staff

blueprint = Blueprint("health", __name__)


@blueprint.get("/gesundheit")
def show() -> ResponseReturnValue:
    """200 while the database answers, else 503; without Redis everything goes on, only slower."""
    database = _database_answers()
    body = {"ok": database, "database": database, "redis": _redis_answers()}
    return jsonify(body), 200 if database else 503


def _database_answers() -> bool:
    try:
        staff.any_account()
    except Exception:  # Whatever is wrong with it, the answer is the same.
        return False
    return True


def _redis_answers() -> bool:
    try:
        with queues.redis() as connection:
            return bool(connection.ping())
    except RedisError:
        return False
