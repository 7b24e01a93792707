"""The front door: command line, demo and journey. It imports everything; nothing imports it."""
