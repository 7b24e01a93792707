"""What a learner prints: their history, and exactly the facts that a share link shows."""
