"""Files in the database: equal content once, encrypted, the same on every machine."""

import hashlib
from collections.abc import Iterable

from django.db.models import Exists, OuterRef

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


def forget(pks: Iterable[int]) -> None:
    """Delete those of these blobs to which nothing refers any more."""
    unused = Blob.objects.filter(pk__in=list(pks))
    for relation in Blob._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many:
            users = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            unused = unused.exclude(Exists(users))
    unused.only("pk").delete()
