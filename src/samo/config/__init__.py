"""The language, pure: bytes to Pipeline."""
