"""Runs: started over the API or in Locust's page, kept by the master, judged, archived."""
