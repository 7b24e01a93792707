"""What becomes of awards after they were made."""
