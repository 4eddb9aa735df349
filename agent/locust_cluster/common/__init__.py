"""What the rooms share. Imports neither Locust nor gevent: the service is started without them."""
