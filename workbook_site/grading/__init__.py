"""A whole class: taken in, judged by workers, kept, shown and exported."""
