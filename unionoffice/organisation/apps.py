from django import forms
from django.apps import AppConfig
from django.db import models


class OrganisationConfig(AppConfig):
    name = "unionoffice.organisation"
    label = "organisation"
    verbose_name = "组织"

    def ready(self) -> None:
        """What a field left empty or a doubled value is told, the same everywhere; Django's own words are a program's."""
        forms.Field.default_error_messages["required"] = "请填写"
        for choosing in (forms.ChoiceField, forms.ModelChoiceField, forms.FileField):
            choosing.default_error_messages = {**choosing.default_error_messages, "required": "请选择"}
        models.Field.default_error_messages["unique"] = "已有%(model_name)s用了这个%(field_label)s，请核对"
