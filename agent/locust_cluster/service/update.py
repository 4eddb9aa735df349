"""`python -m locust_cluster.service.update`: switch to what `bundle/current.json` names.

Runs as root before each start of a Locust unit (ExecStartPre=+). Its end is always good while there
is a release on disk: a bucket that cannot be reached must not keep Locust down. It looks whether
there is anything to do before it imports what does it.
"""

import os
import sys

from locust_cluster.service.last_update import is_recent

RECENT_S = 15
"""What is this old is new enough to start with; the agent service asks every few seconds anyway."""


def main() -> int:
    if is_recent(os.environ.get("CLUSTER_STATE_DIR", ""), RECENT_S):
        return 0

    from pathlib import Path

    from locust_cluster.common.draining import read_draining
    from locust_cluster.common.settings import read_settings
    from locust_cluster.service.changeover import UPDATE_ERRORS, update_once

    try:
        settings = read_settings(os.environ)
        if settings.is_local or read_draining(settings.state_dir):
            return 0
        update_once(settings, RECENT_S)
    except UPDATE_ERRORS as error:
        release = os.environ.get("CLUSTER_RELEASE", "")
        if release and Path(release, "current.json").exists():
            print(f"update: {error}; going on with what is on disk", file=sys.stderr)
            return 0
        print(f"update: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
