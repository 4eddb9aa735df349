"""What master and workers know of each other."""
