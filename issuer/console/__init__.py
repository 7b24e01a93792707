"""Pages of the console that work over the use cases of whole cohorts."""
