"""Whatever somebody brings: found out by its content what it is, opened, and checked by whoever knows its form."""
