"""Page families: each folder holds its routes, its forms and its templates, and knows no other."""
