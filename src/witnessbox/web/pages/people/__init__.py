"""Pages about who is who: people, links between their names, and decisions on them."""
