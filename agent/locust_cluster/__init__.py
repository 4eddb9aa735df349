"""What runs beside Locust on the machines of a cluster, and in the local cluster."""

__version__ = "0.1.0"
