"""Share links, for those who have no protocol: chosen facts behind a secret address that ends."""
