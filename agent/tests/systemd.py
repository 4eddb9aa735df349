"""systemd as the agent service sees it, without systemd."""

from collections.abc import Sequence


class Systemd:
    """systemctl and journalctl of a machine whose first worker unit is restarted now and then."""

    def __init__(self) -> None:
        self.restarts = 0
        self.status = 0

    def run(self, command: Sequence[str]) -> str:
        if command[0] == "journalctl":
            assert "_SYSTEMD_UNIT=locust-worker@1.service" in command
            return "Traceback\nValueError: broken\n"
        shown = "Id=locust-worker@1.service\nNRestarts={}\nExecMainStatus={}\n"
        other = "Id=locust-worker@2.service\nNRestarts=0\nExecMainStatus=0\n"
        return shown.format(self.restarts, self.status) + "\n" + other
