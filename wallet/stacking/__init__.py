"""What is still missing? The learner's own certificates, added up under a rule that somebody gave them."""
