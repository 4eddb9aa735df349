"""What the agent service says to the journal of its machine."""

import sys


def say(sentence: str) -> None:
    print(f"agent: {sentence}", file=sys.stderr)
