"""What a finding means, for learner, HR officer, registrar and developer; who must act, and what comes next."""
