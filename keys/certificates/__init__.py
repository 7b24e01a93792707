"""What is said about certificates after they were made: that they are withdrawn (RFC 5280 section 5)."""
