"""How a backup of text messages in XML is read: its pieces, its words, its rows."""
