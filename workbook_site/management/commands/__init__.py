"""One file for each command; a command exists because its file exists."""
