"""Everything that changes what came to the moderators."""
