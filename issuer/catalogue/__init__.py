"""Courses as a catalogue: written in a form, said to be complete or not, published to people and to machines."""
