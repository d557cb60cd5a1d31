"""Real processes and servers that the workbook starts, and who owns them."""
