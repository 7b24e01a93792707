"""Verbs that begin a learning outcome: Bloom's taxonomy as the ECTS Users' Guide 2015 recommends writing outcomes."""

import re

LEAD = re.compile(
    r"^(on|after|upon) (successful )?completion( of [^,:]*?)?"
    r"([,:] *| +(?=(the )?(learner|student|participant|graduate|you)))|"
    r"^(the )?(learners?|students?|participants?|graduates?|you)( who [^,]*,)? *|"
    r"^(will|can|is|are|should|shall)( be)?( able to)? *|^(be )?able to *|^to +",
    re.IGNORECASE,
)

VAGUE = frozenset({"understand", "know", "learn", "appreciate", "be", "become", "realise", "realize", "familiarise"})

WORDS = """
act adapt adopt advise align analyse analyze annotate answer apply appraise argue arrange articulate assemble assess
assign assist audit automate balance build calculate calibrate carry categorise categorize challenge check choose
cite classify clean coach code collaborate collect combine communicate compare compile complete compose compute
conceive conclude conduct configure connect consider construct contextualise contrast contribute control convert
coordinate correct create criticise criticize critique debate debug decide deduce defend define deliver demonstrate
deploy derive describe design detect determine develop devise diagnose differentiate discover discriminate discuss
distinguish document draft draw edit elaborate employ engage ensure establish estimate evaluate examine execute
exemplify experiment explain explore express extend extract facilitate find follow forecast formulate gather
generalise generate give guide handle hypothesise identify illustrate implement improve infer inform inspect install
integrate interact interpret interview investigate judge justify label lead link list locate make manage manipulate
map match measure mediate mention model modify monitor motivate name navigate negotiate observe obtain operate order
organise organize outline participate perform persuade plan practise practice predict prepare present prevent
prioritise prioritize produce program programme propose prove provide publish question quote rank rate read reason
recall recognise recognize recommend record reduce reflect relate repair repeat report represent reproduce research
resolve respect respond restate review revise rewrite run schedule search secure select separate set share show
simulate sketch solve sort specify stimulate structure suggest summarise summarize supervise support synthesise
synthesize tabulate take teach test trace train transfer transform translate troubleshoot undertake update use
utilise utilize validate value verify visualise visualize work write
"""

ACTIVE = frozenset(re.findall("[a-z]+", WORDS))


def weakness(outcome: str) -> tuple[str, str] | None:
    """The code and sentence of what weakens an English learning outcome; None where it begins with an active verb."""
    words = outcome
    while (shorter := LEAD.sub("", words, count=1)) != words:
        words = shorter
    first = re.match(r"[A-Za-z]+", words)
    verb = first[0].casefold() if first else ""
    if _stem(verb) & VAGUE:
        return "vague_verb", f"“{verb}” cannot be observed: say what the learner does with it, as in explain or apply."
    if _stem(verb) & ACTIVE or (verb.endswith("ly") and len(words.split()) > 1):
        return None
    return "no_active_verb", "Begin the outcome with what the learner can do, as in analyse, design or explain."


def _stem(verb: str) -> set[str]:
    bare = verb.removesuffix("ing") if verb.endswith("ing") else verb.removesuffix("s")
    doubled = bare[:-1] if bare[-2:-1] == bare[-1:] else bare
    return {verb, bare, bare + "e", doubled, verb.removesuffix("es")}
