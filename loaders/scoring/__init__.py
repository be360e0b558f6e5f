"""The yardstick: readings against articles that people annotated."""
