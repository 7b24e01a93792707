"""The closed list of reasons in words: one entry a code, complete by test. Each says what is known and no more."""

from collections.abc import Mapping
from typing import Final

from trust.report import Actor, ReasonCode
from verifier.explanation.words import Words

ASK_HOLDER: Final = "Ask the person to share it again from their wallet, with a new request."
ASK_ISSUER: Final = "Ask the person, or the institution that awarded it, for a certificate that can be read."
ASK_NAMED: Final = "Do not rely on it. Ask the institution that is named on it."

REASONS: Final[Mapping[ReasonCode, Words]] = {
    ReasonCode.MALFORMED: Words(
        headline="This is not a certificate that can be read",
        learner="What you sent is damaged or only a part of it. Share it from your wallet, or send the whole file.",
        officer="The text is damaged, incomplete, or something else altogether.",
        registrar="The file does not follow the format it claims: it was cut, edited, or made by faulty software.",
        developer="Parsing failed before anything was verified; the evidence of the rung names the place.",
        act=Actor.HOLDER,
        todo="Ask for the whole certificate, or ask the person to share it from their wallet.",
    ),
    ReasonCode.UNSUPPORTED_FORMAT: Words(
        headline="This kind of certificate is not read here",
        learner="Your certificate may be genuine, but this service cannot check its kind. Ask for another form of it.",
        officer="It may be genuine, but it is in a form that this service does not know.",
        registrar="The form in which you issued it is not one that this service checks; it reads the forms of European "
        "wallets, of Europass, and Open Badges 3.0.",
        developer="The media type, proof or cryptosuite is not among those implemented; see evidence for its name.",
        act=Actor.HOLDER,
        todo=ASK_ISSUER,
    ),
    ReasonCode.ALGORITHM: Words(
        headline="It is signed in a way that is not accepted",
        learner="The institution signed your certificate in a way that is not accepted any more. Ask for a new one.",
        officer="The kind of signature is too weak, or not one that is allowed for certificates.",
        registrar="Your signing software uses an algorithm that is not accepted; certificates need ES256 or EdDSA.",
        developer="The alg of the header, or of the key, is not in the policy's algorithms.",
        act=Actor.ISSUER,
        todo=ASK_ISSUER,
    ),
    ReasonCode.SIGNATURE: Words(
        headline="Not genuine: the signature does not fit",
        learner="What you sent is not what the institution signed. Share the original from your wallet, unchanged.",
        officer="The certificate was changed after it was signed, or somebody else made it.",
        registrar="The signature does not fit the content: it was changed after you signed it, or it is not yours.",
        developer="Cryptographic verification failed with the key that the issuer's trusted material gives.",
        act=Actor.HOLDER,
        todo=ASK_NAMED,
    ),
    ReasonCode.KEY: Words(
        headline="It is signed with a key that its issuer does not use for certificates",
        learner="The institution has to say whether this certificate is theirs. Ask them before you send it again.",
        officer="The institution exists, but this signature is not one it makes certificates with.",
        registrar="The key that signed it is not published by you for certificates, or its certificate was withdrawn.",
        developer="The kid is absent from the issuer's keys, or lacks the purpose assertionMethod.",
        act=Actor.ISSUER,
        todo=ASK_NAMED,
    ),
    ReasonCode.ISSUER_UNTRUSTED: Words(
        headline="Nobody we trust vouches for the issuer",
        learner="This service does not know the institution. That is no word against your certificate: ask the "
        "institution by whom it is accredited.",
        officer="It may be a real institution that is not on our lists, or somebody who only uses its name.",
        registrar="You are on none of the lists that this service follows for this kind of certificate.",
        developer="No anchor, list entry, chain of accreditations or qualified seal covers the signer and this type.",
        act=Actor.REGISTRY,
        todo="Do not rely on it yet. Ask the institution whether it is accredited for this kind of certificate.",
    ),
    ReasonCode.TYPE: Words(
        headline="This is another kind of certificate than it should be",
        learner="The certificate does not hold what its kind promises. Ask the institution for a corrected one.",
        officer="What it holds does not follow the description of its kind.",
        registrar="Its content does not follow the description of its type; something required is missing or odd.",
        developer="typ, vct, W3C type, type metadata or schema does not match; see the evidence of the rung.",
        act=Actor.ISSUER,
        todo=ASK_ISSUER,
    ),
    ReasonCode.TEMPORAL: Words(
        headline="It is not valid today",
        learner="Your certificate has run out, or has not begun. Ask the institution whether there is a newer one.",
        officer="Its time has not begun, or it has run out. The achievement itself may still stand.",
        registrar="The dates you set do not include today; you may issue it anew.",
        developer="now lies outside nbf, validFrom, exp, validUntil or the proof's expires, give or take the leeway.",
        act=Actor.HOLDER,
        todo="Ask the person whether the institution has given them a newer one.",
    ),
    ReasonCode.DISCLOSURE: Words(
        headline="What is shown does not belong to the certificate",
        learner="Something was added that is not part of your certificate. Share it again from your wallet.",
        officer="A fact was added that the institution did not sign.",
        registrar="A fact is shown with it that you did not sign.",
        developer="A disclosure has no digest in the signed payload, stands twice, or names a forbidden claim.",
        act=Actor.HOLDER,
        todo="Do not rely on it. " + ASK_HOLDER,
    ),
    ReasonCode.KEY_BINDING: Words(
        headline="It is not proven that this is the person it was given to",
        learner="Your wallet has to prove that the certificate is yours. Answer a new request with it.",
        officer="The certificate may be genuine, but whoever showed it did not prove that it is theirs.",
        registrar="Nothing is wrong with the certificate itself: the proof of the person who shows it is missing.",
        developer="The key binding JWT or the proof of the presentation is missing, too old, or by another key; or "
        "nonce and audience were not given with it.",
        act=Actor.HOLDER,
        todo=ASK_HOLDER,
    ),
    ReasonCode.NONCE: Words(
        headline="This was made for another request",
        learner="This answer belongs to another request. Scan the new code and answer that.",
        officer="It may have been shown before, to us or to somebody else, and was sent a second time.",
        registrar="Nothing is wrong with the certificate itself: it was shown with an old proof.",
        developer="The nonce of the proof is not the one given out for this transaction.",
        act=Actor.HOLDER,
        todo=ASK_HOLDER,
    ),
    ReasonCode.AUDIENCE: Words(
        headline="This was meant for somebody else",
        learner="You made this for another organisation. Answer the request of the one that asks you now.",
        officer="The person shared it with another organisation, not with us.",
        registrar="Nothing is wrong with the certificate itself: it was shared with somebody else.",
        developer="aud of the proof is not exactly the identifier of this verifier.",
        act=Actor.HOLDER,
        todo=ASK_HOLDER,
    ),
    ReasonCode.REVOKED: Words(
        headline="Withdrawn: the issuer has revoked this certificate",
        learner="The institution has withdrawn your certificate. Only the institution can tell you why.",
        officer="It was genuine once. The institution that awarded it has taken it back, for good.",
        registrar="Your status list says that it is revoked; this cannot be undone. You can award it anew.",
        developer="The status list has the value for revoked at the credential's index.",
        act=Actor.ISSUER,
        todo="Do not rely on it. The institution can say why, if the person agrees.",
    ),
    ReasonCode.SUSPENDED: Words(
        headline="Suspended: the issuer has put this certificate on hold",
        learner="The institution has put your certificate on hold. Ask them when it will count again.",
        officer="It was genuine when it was awarded, and does not count at the moment.",
        registrar="Your status list says that it is suspended; you can lift that.",
        developer="The status list has the value for suspended at the credential's index.",
        act=Actor.ISSUER,
        todo="Ask again later, or ask the institution that awarded it.",
    ),
    ReasonCode.STATUS_UNAVAILABLE: Words(
        headline="We could not check whether it has been withdrawn",
        learner="The institution's list could not be read just now. Nothing is wrong with your certificate.",
        officer="Everything else may be right, but the institution's list could not be read just now.",
        registrar="Your status list does not answer, is out of date, or is not signed by you.",
        developer="The status list could not be fetched, parsed or verified, or says nothing about the index.",
        act=Actor.ISSUER,
        todo="Ask again in a few minutes. Until then this is neither a yes nor a no.",
    ),
    ReasonCode.QUERY_MISMATCH: Words(
        headline="This is not what was asked for",
        learner="You shared another certificate, or less than was asked for. You may answer a new request.",
        officer="It is a certificate, but another one, or a fact that was asked for is missing.",
        registrar="Nothing is wrong with the certificate itself: it is not the one that was asked for.",
        developer="The presentation does not satisfy the DCQL query.",
        act=Actor.HOLDER,
        todo=ASK_HOLDER,
    ),
    ReasonCode.LIMITS: Words(
        headline="This is larger than anything that is read here",
        learner="What you sent is too large to be one certificate. Send the certificate alone.",
        officer="No certificate needs to be this large.",
        registrar="The file is larger, or nested deeper, than certificates are. Leave out what is not needed.",
        developer="A limit of size, depth, number or time was reached; nothing beyond it was read.",
        act=Actor.HOLDER,
        todo=ASK_ISSUER,
    ),
}
