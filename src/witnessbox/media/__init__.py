"""Files that came with messages: who carries them, which pictures are one, what machines read."""
