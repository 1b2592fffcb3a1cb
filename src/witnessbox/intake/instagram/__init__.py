"""Instagram's manner of writing threads that otherwise read like Messenger's."""
