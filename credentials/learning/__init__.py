"""What a micro-credential says: Council Recommendation 2022/C 243/02, Annex I. Never how it is secured."""
