"""How credentials are secured: one module a mechanism with the same verbs, and how to tell them apart."""

from collections.abc import Mapping
from types import ModuleType

from credentials.credential import Format
from credentials.errors import UnsupportedFormat
from credentials.formats import sd_jwt_vc, vc_jwt, vc_jwt_reading
from credentials.formats.sd_jwt_vc import SdJwtVc
from credentials.formats.vc_jwt_reading import VcJwt

Parsed = SdJwtVc | VcJwt

FORMATS: Mapping[Format, ModuleType] = {
    Format.SD_JWT_VC: sd_jwt_vc,
    Format.VC_JWT: vc_jwt,
    Format.VC_JWT_1: vc_jwt,
}


def recognise(raw: str) -> Format:
    """The format of the credential or presentation that the text `raw` is; raises CredentialsError.

    Told from the content alone: what the sender calls it is not asked.
    """
    if not isinstance(raw, str) or raw.lstrip().startswith(("{", "[")):
        raise UnsupportedFormat("A credential is a text in one of the compact forms, not a JSON document.")
    if "~" in raw:
        return Format.SD_JWT_VC
    token = vc_jwt_reading.open_jwt(raw)
    typ, claims = token.jws.header.get("typ"), token.claims
    if typ in ("vc+jwt", "vp+jwt"):  # a stranger's typ may be a list, which no set can look for
        return Format.VC_JWT
    if vc_jwt_reading.is_badge(claims):
        return Format.VC_JWT
    if ("vc" in claims) != ("vp" in claims):
        return Format.VC_JWT_1
    raise UnsupportedFormat("The JWT is of no type that carries a credential.")
