"""Saying that something changed to whoever looks at the class right now.

Only a hint to look at once: what changed is in the database, and is found there without it too.
"""

import logging

from workbook_site import deployment

GROUP = "gradebook"

_log = logging.getLogger(__name__)


async def nudge() -> None:
    """Tell every process that shows the class. Where there is no Redis, they look by themselves."""
    if deployment.redis() is None:
        return
    from channels.layers import get_channel_layer
    from redis.exceptions import RedisError

    try:
        await get_channel_layer().group_send(GROUP, {"type": "changed"})
    except (OSError, RedisError) as error:
        _log.warning("Nobody was told of a change: %s", error)
