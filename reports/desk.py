"""The documents' place in the menu; the checks of their outlines come with it."""

from unionoffice.organisation import access
from unionoffice.records import desk

from . import checks  # noqa: F401

desk.register_page("总结和计划", "reports:index", "report", access.may_read_documents)
