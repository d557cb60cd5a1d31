"""How the tables of the page came to be."""
