# Debian's own timers, Locust's user and kernel limits.

# Updates would be measured with the test; an apt that runs is not waited for. systemd takes 0.4 s, while the
# environment is unpacked.
timers() {
  stop_timers &
}

stop_timers() {
  local timers=({apt-daily,apt-daily-upgrade,man-db,dpkg-db-backup,fstrim}.timer)
  # A timer that is masked before it is stopped counts as failed.
  systemctl stop "${timers[@]}" || say "timers: not all were there to be stopped"
  systemctl mask --quiet --now --no-block "${timers[@]}" {apt-daily,apt-daily-upgrade,unattended-upgrades}.service ||
    say "timers: not all could be masked"
}

system() {
  local limits=$ROOT/etc/sysctl.d/90-locust-cluster.conf
  id -u locust >/dev/null 2>&1 ||
    useradd --system --user-group --create-home --home-dir /var/lib/locust --shell /usr/sbin/nologin locust
  mkdir -p "${limits%/*}" "$ROOT/etc/locust-cluster"
  cat >"$limits" <<'SYSCTL'
# Each connection to the target takes a port; 5557 and 8089 are Locust's own.
net.ipv4.ip_local_port_range = 1024 65535
net.ipv4.ip_local_reserved_ports = 5557,8089
net.ipv4.tcp_tw_reuse = 1
net.ipv4.tcp_fin_timeout = 15
net.ipv4.tcp_max_syn_backlog = 16384
net.core.somaxconn = 16384
SYSCTL
  sysctl --quiet --load "$limits" || say "system: the kernel refused a limit"
}
