import type { PackageRelay } from "./package-relay";

interface PlainWayOptions {
  readonly relay: PackageRelay;
  readonly masterHost: string;
  readonly locustVersion: string;
}

/** User data as a person writes it who has an afternoon: packages from Debian, Locust from the Python Package Index. */
export function plainUserData({ relay, masterHost, locustVersion }: PlainWayOptions): string {
  const { hostname } = new URL(relay.pipIndex);
  return `#!/bin/bash
set -eux
exec > /var/log/user-data.log 2>&1
export DEBIAN_FRONTEND=noninteractive
# The package source that this measurement has; a machine on AWS has its region's mirror.
rm -f /etc/apt/sources.list.d/*
echo '${relay.aptSource}' > /etc/apt/sources.list
printf '[global]\\nindex-url = %s\\ntrusted-host = %s\\n' '${relay.pipIndex}' '${hostname}' > /etc/pip.conf

apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Check-Valid-Until=false update
apt-get -o DPkg::Lock::Timeout=300 install -y python3 python3-venv
python3 -m venv /opt/locust
/opt/locust/bin/pip install locust==${locustVersion}
cat > /opt/locustfile.py <<'PYTHON'
from locust import HttpUser, task


class Visitor(HttpUser):
    @task
    def visit(self):
        self.client.get("/")
PYTHON
systemd-run --unit locust-worker /opt/locust/bin/locust -f /opt/locustfile.py --worker --processes -1 --master-host ${masterHost}
`;
}
