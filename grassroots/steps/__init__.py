"""Steps on one record: the small form each needs and the action it calls."""
