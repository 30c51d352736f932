"""What the people who run the line look at: health pages, and logs without personal data."""
