"""What Locust does with the user's test, where a cluster needs it otherwise."""
