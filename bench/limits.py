"""What no implementation on this machine can pass: the bare operations of `cryptography`, on the same bytes."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from bench.measure import Work

ES256 = ec.ECDSA(hashes.SHA256())


def es256_signature(message: bytes) -> Work:
    """One signature over `message`, as DER, which is what the library gives."""
    key = ec.generate_private_key(ec.SECP256R1())
    return lambda: key.sign(message, ES256)


def es256_verifications(*messages: bytes) -> Work:
    """One verification of each message, each under its own key that is already loaded."""
    prepared = []
    for message in messages:
        key = ec.generate_private_key(ec.SECP256R1())
        prepared.append((key.public_key(), key.sign(message, ES256), message))

    def verify() -> None:
        for key, signature, message in prepared:
            key.verify(signature, message, ES256)

    return verify


def ed25519_signature(message: bytes) -> Work:
    """One Ed25519 signature over `message`."""
    key = ed25519.Ed25519PrivateKey.generate()
    return lambda: key.sign(message)


def ed25519_verification(message: bytes) -> Work:
    """One Ed25519 verification over `message` with a key that is already loaded."""
    key = ed25519.Ed25519PrivateKey.generate()
    public, signature = key.public_key(), key.sign(message)
    return lambda: public.verify(signature, message)
