"""Django looks here for the commands of `python3 -m workbook_site`."""
