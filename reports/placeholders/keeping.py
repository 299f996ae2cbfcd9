"""What the office does to its Word templates: takes one in, changes its file, says what a placeholder means."""

from django.db import transaction

from unionoffice.organisation.models import User
from unionoffice.records import blobs
from unionoffice.records.history import act
from unionoffice.records.models import ActKind

from .models import WordTemplate
from .reading import offered, open_word, spots

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def receive(content: bytes, file_name: str, *, user: User) -> WordTemplate:
    """Keep an uploaded file. SheetRefused for one that is no .docx or has no placeholder."""
    spots(open_word(content))
    name = file_name.rpartition(".")[0][:120] or file_name[:120]
    with act(ActKind.CREATE, user=user, summary=f"上传 Word 模板 {name}"), transaction.atomic():
        return WordTemplate.objects.create(
            name=name,
            file=blobs.store(content, MEDIA_TYPE),
            file_name=file_name[-200:],
            created_by=user,
        )


def replace_file(template: WordTemplate, content: bytes, file_name: str, *, user: User) -> None:
    """Another file in place of a template's; what its placeholders mean stays. SheetRefused as for `receive`."""
    spots(open_word(content))
    with act(ActKind.CHANGE, user=user, summary=f"更换文件 {template}"):
        template.file = blobs.store(content, MEDIA_TYPE)
        template.file_name = file_name[-200:]
        template.save(update_fields=["file", "file_name"])


def explain(template: WordTemplate, name: str, key: str, *, user: User) -> None:
    """Say which fact or word a placeholder stands for. KeyError for one nobody offers."""
    label = dict(offered())[key]
    with act(ActKind.CHANGE, user=user, summary=f"{template} 的“{name}”是“{label}”"[:200]):
        held = WordTemplate.objects.held().get(pk=template.pk)
        held.aliases |= {name: key}
        held.save(update_fields=["aliases"])
