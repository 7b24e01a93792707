"""The recognition dossier: what an evaluator needs to know of a micro-credential. It suggests, and decides nothing.

Its frame: Council Recommendation 2022/C 243/02 (Annex I), the Lisbon Recognition Convention, the seven criteria of the
Nuffic Micro-Evaluator (2022), and the Council Recommendation on automatic recognition 2018/C 444/01.
"""
