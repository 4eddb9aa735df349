"""Puts ours in the place of a part of Locust's for which it has no event."""


def patch(owner: object, name: str, ours: object) -> None:
    """Raises AttributeError where there is no such part: nobody would ever call ours.

    For methods, types and modules, to which mypy lets nobody assign.
    """
    getattr(owner, name)
    setattr(owner, name, ours)
