"""The gradebook's tables, step by step."""
