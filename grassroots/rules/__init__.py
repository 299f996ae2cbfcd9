"""Rules over batches of rows: E refuses, W lets pass with a reason (domain, rule list)."""
