"""Many certificates at once: a file of them, checked one after another beside the requests of the service."""
