"""What Telegram Desktop exports: accounts and single chats, as JSON and as pages."""
