"""Cohorts: a spreadsheet of learners is read whole, told all its faults, and awarded part by part, each row once."""
