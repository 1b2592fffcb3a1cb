"""The report: what was released, to read and to hand on, and the button that releases."""
