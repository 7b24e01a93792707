"""The real lists of spring 2020: when they were of now, and who signed the list of lists."""

import base64
from datetime import datetime
from hashlib import sha256

from lxml import etree

from keys import x509
from keys.x509 import Certificate

SPRING_2020 = datetime.fromisoformat("2020-05-01T00:00:00+00:00")
FINGERPRINT = "d2064fdd70f6982dcc516b86d9d5c56aea939417c624b2e478c0b29de54f8474"


def commission(union: bytes) -> Certificate:
    """The signer of the list of lists, pinned by the fingerprint of its certificate."""
    found = ("".join((each.text or "").split()) for each in etree.fromstring(union).iter("{*}X509Certificate"))
    [known] = {each for each in found if sha256(base64.b64decode(each)).hexdigest() == FINGERPRINT}
    return x509.parse_x5c([known])[0]
