"""The lessons' figures: matplotlib scripts that draw what the snippets computed."""
