"""How a service listens: what stands between the socket and the application."""
