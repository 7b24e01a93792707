"""Paper: documents for people to print and keep, set by typst and written as PDF/A-3."""
