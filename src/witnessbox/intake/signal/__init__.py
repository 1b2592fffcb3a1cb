"""What signal-export writes of Signal Desktop's conversations: pages of text and JSON lines."""
