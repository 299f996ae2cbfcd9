"""The figures of grassroots work, found by the registry.

A figure about unions counts unions, one about units counts units, one about persons counts one post for each person.
"""

from . import posts, stars, terms, unions, units  # noqa: F401
