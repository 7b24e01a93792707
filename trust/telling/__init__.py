"""What is known of a signer, told as people understand it: three sources, each with its own answer, never merged."""
