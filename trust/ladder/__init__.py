"""The rungs of a verification and the sentences that its report is made of."""
