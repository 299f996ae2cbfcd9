from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "unionoffice.organisation"
    label = "organisation"
    verbose_name = "组织"
