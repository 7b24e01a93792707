"""The right of an institution to award, as a registry of EBSI's kind keeps it: read, published, and lived up to."""
