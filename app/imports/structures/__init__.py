"""An official list of structures, as CSV: read line by line, each line taken whole or refused with its reason."""
