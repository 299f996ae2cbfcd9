"""The application the web server runs, with everything loaded that the first visitor would wait for."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionoffice.settings")
application = get_wsgi_application()

reverse("desk")  # loads every view
for page in ("desk", "records/list", "records/record", "records/form", "records/quick"):
    get_template(f"{page}.html")

# What is loaded by now lives as long as the process: the collector need not look at it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
