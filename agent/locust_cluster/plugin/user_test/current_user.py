"""Which user is at work?"""

from typing import Any

import gevent
from locust import User


def current_user() -> User | None:
    """The user whose greenlet, or a greenlet begun by it, is at work.

    Locust gives a user's greenlet the user as its argument (locust/user/users.py, `User.start`).
    """
    greenlet: Any = gevent.getcurrent()
    while greenlet is not None:
        arguments = getattr(greenlet, "args", None) or (None,)
        if isinstance(arguments[0], User):
            return arguments[0]
        spawner = getattr(greenlet, "spawning_greenlet", None)
        greenlet = spawner() if spawner else None
    return None
