"""What runs inside Locust's processes, on the master and on the workers."""
