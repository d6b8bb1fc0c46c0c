"""Our stories for programs elsewhere: feeds, sitemaps, structured data, wire."""
