"""Python-Markdown extensions: what a page's source may say beyond Markdown."""
