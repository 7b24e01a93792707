"""An award as a file: the sealed European digital credential, and the badge with the credential in its picture."""
