"""The institutions that share this issuer: who they are, what they publish, what they recognise, whom they let in."""
