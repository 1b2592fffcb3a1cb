"""The command line: arguments in, exit code out.  One command a module."""
