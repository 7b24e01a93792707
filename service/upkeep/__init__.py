"""What a service does beside answering requests."""
