# Python environment, and the release that joins it with test and agent.

unpack_environment() { # tar reads to the end, where gzip keeps the checksum
  python3 -m venv --without-pip "$2" &&
    tar -xzf "$1" --no-same-owner -C "$2/lib/python$PYTHON_VERSION/site-packages"
}

environment() {
  local version
  version=$(python3 --version)
  PYTHON=${version#Python } version=${PYTHON%.*}
  [ "$version" = "$PYTHON_VERSION" ] ||
    fail "image $IMAGE has Python $version, not $PYTHON_VERSION: set machines.pythonVersion to \"$version\""
  unpack "env/$ENVIRONMENT.tar.gz" "$ROOT$OPT/env/$ENVIRONMENT" unpack_environment
  # Makes byte code, which Locust's own user may not write, while the boot goes on. A packed environment has it.
  [ -e "$ROOT$OPT/env/$ENVIRONMENT/lib/python$PYTHON_VERSION/site-packages/packed-modules" ] ||
    "$ROOT$OPT/env/$ENVIRONMENT/bin/python" -Ic "import locust.main" || say "environment: no byte code was made" &
  release
}

release() { # links, so that test and environment change together when `current` is switched
  local name=release/$BUNDLE-$ENVIRONMENT release
  release=$ROOT$OPT/$name
  mkdir -p "$release"
  ln -sfn "../../env/$ENVIRONMENT" "$release/venv"
  ln -sfn "../../bundle/$BUNDLE/test" "$release/test"
  ln -sfn "../../bundle/$BUNDLE/agent" "$release/agent"
  cp "$DOWNLOAD/current.json" "$release"
  cp "$DOWNLOAD/current.json" "$ROOT$OPT"
  ln -sfn "$name" "$ROOT$OPT/current.new"
  mv -T "$ROOT$OPT/current.new" "$ROOT$OPT/current"
  echo updated >"$STATE/update.lock" # the units need not ask again
}
