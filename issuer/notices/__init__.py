"""What an institution's own systems are told, without asking."""
