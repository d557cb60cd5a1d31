# Prints bytes that break terminals, pages and databases.
import os
os.write(1, b"\x1b]0;title\x07\x00\xff\xfe<script>alert(1)</script>\xed\xa0\x80" * 100)
