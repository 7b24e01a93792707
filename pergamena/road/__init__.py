"""The steps of the journey: who walks, how a step is told, and the part that is about accreditations."""
