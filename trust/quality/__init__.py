"""Whether an awarding body is quality-assured: DEQAR's public data sets, and one question put to them."""
