"""The pages every record type has."""
