"""Locust's page and the API beside it: who may ask, and what is answered."""
