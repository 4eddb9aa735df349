# The ledger: a record in the bucket tells how far this machine is.
STEP=start STEPS='' MESSAGE='' FAILED_STEP='' FAILURE=null TERMINATED=''
INSTANCE_ID='' NODE='' FLEET='' BUNDLE='' ENVIRONMENT='' LOCUST='' PYTHON='' PROCESSES=1
[ "$ROLE" = master ] || PROCESSES=$(nproc)
read -r KERNEL </proc/sys/kernel/osrelease
if [ ! -e "$RUN/started" ]; then
  # The plug may have been pulled in the middle, which leaves empty files under complete names.
  [ -e "$DONE" ] || rm -rf "$ROOT$OPT"
  now
  echo "$NOW" >"$RUN/started"
fi
read -r STARTED <"$RUN/started"
# A machine that tries again stays `failed` in the ledger until it is past the step that failed.
[ ! -e "$RUN/failure" ] || { read -r FAILED_STEP && read -r FAILURE; } <"$RUN/failure"

record() { # STATE
  local state=$1
  [ "$FAILURE" = null ] || state=failed
  now
  cat >"$LEDGER.new" <<JSON && mv "$LEDGER.new" "$LEDGER"
{"schema":1,"instance_id":"$INSTANCE_ID","name":"$NODE","role":"$ROLE","hostname":"$HOSTNAME",
"private_ip":"${PRIVATE_IP:-}","region":"$REGION","fleet":"$FLEET","state":"$state","stage":"$STEP","time":"$NOW","boot_started":"$STARTED",
"steps":[$STEPS],"processes":$PROCESSES,"bundle":"$BUNDLE","environment":"$ENVIRONMENT",
"versions":{"locust":"$LOCUST","python":"$PYTHON","agent":"","kernel":"$KERNEL"},
"failure":$FAILURE}
JSON
}

# One sender at a time: who finds one at work leaves, and that one looks again after each upload. So booting never
# waits for a report, and an old record never replaces a newer one.
send() { # [--exclusive] to wait
  [ -n "$INSTANCE_ID" ] || return 0
  (
    flock "${1:---nonblock}" 9 || exit 0
    until cmp -s "$LEDGER" "$RUN/sent"; do
      cp "$LEDGER" "$RUN/sending"
      s3 "nodes/$ROLE_ID%3A$INSTANCE_ID.json" --fail --max-time 5 --upload-file "$RUN/sending" || exit 1
      mv "$RUN/sending" "$RUN/sent"
    done
  ) 9>"$RUN/lock" >/dev/null 2>&1
}

step() { # NAME of the step and of its function
  local begin=${EPOCHREALTIME/./} took
  STEP=$1
  say "$STEP: begin"
  if [ -n "$INSTANCE_ID" ]; then
    record booting
    send &
  fi
  "$STEP"
  took=$(((${EPOCHREALTIME/./} - begin) / 1000))
  printf -v took '%d.%03d' $((took / 1000)) $((took % 1000))
  STEPS+="${STEPS:+,}{\"name\":\"$STEP\",\"seconds\":$took}"
  say "$STEP: done in $took s"
  if [ "$STEP" = "$FAILED_STEP" ]; then
    FAILURE=null
    rm "$RUN/failure"
  fi
}

fail() { # MESSAGE [EXIT CODE]
  MESSAGE=$1
  exit "${2:-1}"
}

to_json() { # lines to strings
  LC_ALL=C tr -cd '\n\40-\176' | sed 's/[\\"]/\\&/g; s/.*/"&"/' | paste -sd,
}

ended() {
  local code=$?
  trap - EXIT ERR
  set +e
  if [ "$code$TERMINATED" = 0 ] && [ "$(cat "$DONE" 2>/dev/null)" != "$INSTANCE_ID ${INSTANCE_TYPE-}" ]; then
    code=1 MESSAGE="a script of boot/ has ended the boot: it must not exit"
  fi
  if [ "$code" != 0 ]; then
    say "$STEP: failed with exit code $code: $MESSAGE"
    tail -n 20 "$LOG" >&3
    FAILURE="{\"step\":\"$STEP\",\"exit_code\":$code,\"message\":$(to_json <<<"${MESSAGE%%$'\n'*}"),"
    FAILURE+="\"log\":[$(tail -n 20 "$LOG" | to_json)]}"
    printf '%s\n' "$STEP" "$FAILURE" >"$RUN/failure"
    rm -f "$DOWNLOAD"/* # makes room for the record
    record failed
    send --exclusive || say "the ledger is out of reach, the next attempt will try again"
  fi
  wait
  rm -f "$S3"
  exit "$code"
}
trap ended EXIT
trap 'TERMINATED=yes; exit 0' TERM # a reboot is no failure
trap 'MESSAGE=${MESSAGE:-"$BASH_COMMAND"}' ERR
set -E
