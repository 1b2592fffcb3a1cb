"""Cases: investigations, the people in them, what is alleged and what came of it."""
