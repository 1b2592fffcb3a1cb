"""Pages of one Telegram chat, as Telegram Desktop writes them."""
