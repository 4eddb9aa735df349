"""Bounds for what a test makes Locust count, send and keep."""
