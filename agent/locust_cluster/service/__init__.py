"""The service of a machine, which runs as root: its record, its test, the copies of its runs."""
