"""The shelf: finding one certificate among many, and noticing what became of each."""
