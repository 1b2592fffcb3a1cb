"""Facebook's pages of Messenger conversations, whatever their year and language."""
