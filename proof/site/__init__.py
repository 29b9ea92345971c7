"""The site: built from the pages, finished, and served while they are written."""
