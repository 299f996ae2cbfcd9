"""Photos chosen in a record's own form: from the camera, several at once."""

from typing import Any

from django import forms

MOST_PHOTOS = 9


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(
            {
                "accept": "image/*",
                "capture": "environment",
                "multiple": True,
                "data-photos": True,
                "data-max": MOST_PHOTOS,
            }
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []


class PhotosField(forms.Field):
    """Several photos from the camera, as a list of uploads; they are attached with the record."""

    widget = PhotosInput

    def clean(self, value: Any) -> list[Any]:
        if len(value) > MOST_PHOTOS:
            raise forms.ValidationError(f"一次最多{MOST_PHOTOS}张，其余的请保存后在材料里补传。")
        return value
