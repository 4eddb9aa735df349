"""What the programs tell each other, as types: generated from protocol/."""
