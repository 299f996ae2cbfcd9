"""Files in the database: equal content once, encrypted, the same on every machine."""

import hashlib

from unionoffice import crypto

from .models import Blob


def store(data: bytes, content_type: str) -> Blob:
    """The blob with this content, made if there is none yet."""
    digest = hashlib.sha256(data).hexdigest()
    made, _ = Blob.objects.get_or_create(
        sha256=digest,
        defaults={"size": len(data), "content_type": content_type, "data": crypto.encrypt_bytes(data)},
    )
    return made
