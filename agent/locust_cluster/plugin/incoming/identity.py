"""The identity in a worker's report (common/identity.py). Pure."""

from dataclasses import fields

from locust_cluster.common.constants import REPORT_KEY, ROLES
from locust_cluster.common.identity import Identity
from locust_cluster.plugin.incoming import checks

MOST_PROCESSES = 4096
"""Of one machine: one for each vCPU, of which EC2's biggest has 1,920."""

LONGEST = 300
"""Characters: names of hosts have 253 at most, hashes 64."""

MOST_VERSIONS = 20

_TEXTS = [field.name for field in fields(Identity) if field.type is str]
_MOST = {"index": MOST_PROCESSES, "processes": MOST_PROCESSES, "pid": 2**31 - 1}


def check_identity(value: object) -> None:
    """Raises BadMessageError. A field that is missing or unknown is another agent's, and no error:

    while a push reaches the machines, some run the agent before.
    """
    identity = checks.table(value, REPORT_KEY)
    for name in _TEXTS:
        if name in identity:
            _line(identity[name], name)
    if identity.get("role", "worker") not in ROLES:
        raise checks.bad("role", f"one of {', '.join(ROLES)}", identity["role"])
    for name, most in _MOST.items():
        if name in identity:
            checks.count(identity[name], name, most)
    for name in ("index", "processes"):
        if identity.get(name) == 0:
            raise checks.bad(name, f"a whole number from 1 to {MOST_PROCESSES}", 0)
    if type(identity.get("is_ready", True)) is not bool:
        raise checks.bad("is_ready", "true or false", identity["is_ready"])
    versions = checks.table(identity.get("versions", {}), "versions")
    if len(versions) > MOST_VERSIONS:
        raise checks.bad("versions", f"an object of up to {MOST_VERSIONS} entries", versions)
    for name, version in versions.items():
        _line(name, "a key of versions")
        _line(version, "an entry of versions")


def _line(value: object, what: str) -> None:
    if type(value) is not str or len(value) > LONGEST or not value.isprintable():
        raise checks.bad(what, f"a text of one line and up to {LONGEST} characters", value)
