"""The office itself: material, letters, meetings, seals, archive."""
