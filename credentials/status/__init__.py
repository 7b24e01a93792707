"""How "still good" is encoded: arrays of bits and the two signed forms in which they travel. Pure."""
