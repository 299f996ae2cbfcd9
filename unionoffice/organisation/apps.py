from django import forms
from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "unionoffice.organisation"
    label = "organisation"
    verbose_name = "组织"

    def ready(self) -> None:
        """What a field left empty is told, the same on every form; Django's own words are a program's."""
        forms.Field.default_error_messages["required"] = "请填写"
        for choosing in (forms.ChoiceField, forms.ModelChoiceField, forms.FileField):
            choosing.default_error_messages = {**choosing.default_error_messages, "required": "请选择"}
