"""The workbench: pages in a browser, rendered here, bound to this machine alone."""
