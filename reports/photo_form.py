"""The form on which photos are chosen: a line for each photo of the period."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from unionoffice.records.photos import RecordPhoto

from .models import Report, ReportPhoto
from .photos import Choice

MOST_PHOTOS = 40
CAPTION = ReportPhoto._meta.get_field("caption").max_length


@dataclass(frozen=True)
class PhotoLine:
    """One photo with its fields as the page shows them."""

    photo: RecordPhoto
    use: forms.BoundField
    caption: forms.BoundField
    place: forms.BoundField


class PhotosForm(forms.Form):
    """Which of some photos a document shows, in which order, and what stands under each.

    Those it shows already must be among them, else they are given up."""

    def __init__(self, report: Report, photos: Sequence[RecordPhoto], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.photos = {photo.file.pk: photo for photo in photos}
        chosen = {row.file_id: row for row in report.photos.all()}
        for pk, photo in self.photos.items():
            row = chosen.get(pk)
            self.fields[f"use_{pk}"] = forms.BooleanField(
                label="选用", required=False, initial=row is not None
            )
            self.fields[f"caption_{pk}"] = forms.CharField(
                label="说明",
                required=False,
                max_length=CAPTION,
                initial=row.caption if row else photo.caption[:CAPTION],
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"place_{pk}"] = forms.IntegerField(
                label="次序",
                required=False,
                min_value=1,
                initial=row.position if row else None,
                widget=forms.NumberInput(attrs={"min": 1}),
            )

    def lines(self) -> list[PhotoLine]:
        """The photos as they were given."""
        return [
            PhotoLine(photo, self[f"use_{pk}"], self[f"caption_{pk}"], self[f"place_{pk}"])
            for pk, photo in self.photos.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        used = [pk for pk in self.photos if cleaned.get(f"use_{pk}")]
        for pk in used:
            cleaned[f"caption_{pk}"] = "".join(cleaned.get(f"caption_{pk}", "").splitlines())
            if not cleaned.get(f"caption_{pk}") and f"caption_{pk}" not in self.errors:
                self.add_error(f"caption_{pk}", "写上照片的说明")
        if len(used) > MOST_PHOTOS:
            raise forms.ValidationError(f"最多选{MOST_PHOTOS}张照片，现在选了{len(used)}张")
        return cleaned

    def choices(self) -> list[Choice]:
        """The photos of a valid form by their number; those without one last, by day."""
        used = [pk for pk in self.photos if self.cleaned_data[f"use_{pk}"]]
        last = len(self.photos) + max((self.cleaned_data[f"place_{pk}"] or 0 for pk in used), default=0)
        used.sort(key=lambda pk: self.cleaned_data[f"place_{pk}"] or last)
        return [Choice(pk, self.cleaned_data[f"caption_{pk}"]) for pk in used]
