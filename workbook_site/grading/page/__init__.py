"""The page: what an instructor sees and does, live, in a browser."""
