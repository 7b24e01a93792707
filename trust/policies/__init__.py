"""What a relying party asks beyond a genuine credential, as rules that can be put together, kept, and asked."""
