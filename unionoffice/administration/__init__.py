"""Running the office: accounts, settings, disclosures. Pages only; the models stand in organisation and records."""
