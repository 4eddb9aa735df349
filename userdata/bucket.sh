# Metadata service and bucket. Secrets reach curl in files, since anyone may read the process list.

imds() { # PATH…, an answer a line
  curl -sSf --max-time 5 --retry 3 --header "@$RUN/token" --write-out '\n' "${@/#/"$IMDS/latest/meta-data/"}"
}

credentials() {
  local role json key values=()
  role=$(imds iam/security-credentials/) && json=$(imds "iam/security-credentials/$role") || return
  for key in AccessKeyId SecretAccessKey Token; do
    [[ $json =~ \"$key\"\ *:\ *\"([^\"]+) ]] || return
    values+=("${BASH_REMATCH[1]}")
  done
  install -m 0600 /dev/stdin "$S3.$BASHPID" <<CURL
user = "${values[0]}:${values[1]}"
header = "x-amz-security-token: ${values[2]}"
CURL
  mv "$S3.$BASHPID" "$S3"
}

s3() { # KEY OPTION…
  [ -s "$S3" ] || credentials || { echo "no credentials of a role yet" >&2 && return 1; }
  curl --config "$S3" --silent --show-error --connect-timeout 5 --speed-time 20 --speed-limit 1024 \
    --aws-sigv4 "aws:amz:$BUCKET_REGION:s3" --header "x-amz-content-sha256: UNSIGNED-PAYLOAD" "$STORE/$1" "${@:2}"
}

# A new cluster's roles, policies and objects are not seen everywhere at once: until then S3 says 403 or 404.
fetch() { # KEY FILE
  local status answer body pause=1 deadline=$((SECONDS + RETRY_SECONDS))
  : >"$2"
  until status=$(s3 "$1" --output "$2" --write-out '%{http_code}' 2>"$RUN/error") && [ "$status" = 200 ]; do
    answer=$(tail -n 1 "$RUN/error")
    if [ -z "$answer" ]; then
      body=$(<"$2") answer=$status
      [[ ! $body =~ \<Code\>([^<]*) ]] || answer+=" ${BASH_REMATCH[1]}"
      [[ ! $body =~ \<Message\>([^<]*) ]] || answer+=": ${BASH_REMATCH[1]}"
      case $status in 403 | 404 | 429 | 5??) ;; *) fail "$STORE/$1 answered $answer" ;; esac
    fi
    [ "$SECONDS" -lt "$deadline" ] || fail "$STORE/$1 did not come in $RETRY_SECONDS s, last answer: $answer"
    say "$STEP: $1: $answer; again in $pause s"
    rm -f "$S3" # the next try asks for new credentials
    send &
    sleep "$pause.$((RANDOM % 10))" # machines that failed together are not to come back together
    pause=$((pause < 8 ? pause * 2 : 15))
  done
}

# Unpacks into a new folder, which gets its name when it is complete. A damaged archive is asked for again
# by the next attempt.
unpack() { # KEY FOLDER FUNCTION
  local file=$DOWNLOAD/archive new=$2.new code=0
  [ ! -d "$2" ] || return 0
  fetch "$1" "$file"
  rm -rf "$new"
  "$3" "$file" "$new" || code=$?
  rm "$file"
  if [ "$code" != 0 ]; then
    rm -rf "$new" # makes room for the record
    fail "$1 is damaged, or there is no room for it" "$code"
  fi
  chmod -R a+rX,go-w "$new" # Locust does not run as root, and the laptop's modes may be of its user only
  [ ! -e "$DONE" ] || sync -f "$new" # or a resized machine finds empty files
  mv "$new" "$2"
}
