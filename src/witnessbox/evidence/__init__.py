"""Evidence: exhibits, spans, the vault and the tables read out of it.  Nothing here changes."""
