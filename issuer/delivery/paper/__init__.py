"""What is printed: certificates for learners without a wallet, and sheets of codes for a ceremony."""
